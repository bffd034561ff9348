using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Waypoint.Model.Formatting;

/// <summary>How a point in time is written: the conversions of strftime, and Envoy's <c>%f</c>, <c>%1f</c>-<c>%9f</c> (fraction), <c>%s</c> (seconds since 1970) and
/// <c>%E3S</c>-like ones. Immutable. A conversion that is not known is copied as it is.</summary>
public sealed class TimePattern
{
    /// <summary>Used where no pattern is given.</summary>
    public const string DefaultText = "%Y-%m-%dT%H:%M:%E3SZ";

    private const string FlagCharacters = "-_0^#";

    private readonly string _text;

    private TimePattern(string text) => _text = text;

    /// <summary>The pattern that stands where none is given.</summary>
    public static TimePattern Default { get; } = new(DefaultText);

    /// <summary>Reads a pattern; false if it would write a new line, which a header or a log line must not hold.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TimePattern? pattern)
    {
        pattern = null;
        if (text.AsSpan().ContainsAny('\n', '\r'))
            return false;
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (WritesNewLine(text, i + 1))
                return false;
        }

        pattern = text.Length == 0 ? Default : new TimePattern(text);
        return true;
    }

    /// <summary>The time as text.</summary>
    public string Format(DateTimeOffset time)
    {
        var result = new StringBuilder(_text.Length + 16);
        for (var i = 0; i < _text.Length;)
        {
            if (_text[i] != '%' || i + 1 == _text.Length)
                result.Append(_text[i++]);
            else
                i += AppendConversion(result, i, time);
        }

        return result.ToString();
    }

    /// <summary>%, flags, digits 1-9, E or O, n: the forms of %n that strftime knows.</summary>
    private static bool WritesNewLine(string text, int at)
    {
        while (at < text.Length && FlagCharacters.Contains(text[at], StringComparison.Ordinal))
            at++;
        while (at < text.Length && text[at] is >= '1' and <= '9')
            at++;
        if (at < text.Length && text[at] is 'E' or 'O')
            at++;
        return at < text.Length && text[at] == 'n';
    }

    /// <summary>Appends what stands for the conversion at <paramref name="at"/> and gives its length.</summary>
    private int AppendConversion(StringBuilder result, int at, DateTimeOffset time)
    {
        var next = _text[at + 1];
        if (next is >= '1' and <= '9' && at + 2 < _text.Length && _text[at + 2] == 'f')
        {
            AppendFraction(result, time, next - '0');
            return 3;
        }

        if (next == 'E' && at + 3 < _text.Length && char.IsAsciiDigit(_text[at + 2]) && _text[at + 3] is 'S' or 'f')
        {
            if (_text[at + 3] == 'S')
            {
                result.Append(CultureInfo.InvariantCulture, $"{time.Second:00}");
                if (_text[at + 2] != '0')
                    result.Append('.');
            }

            AppendFraction(result, time, _text[at + 2] - '0');
            return 4;
        }

        if (next == 'E' && at + 2 < _text.Length && _text[at + 2] == 'z')
        {
            result.Append(time.ToString("zzz", CultureInfo.InvariantCulture));
            return 3;
        }

        if (next == 'f')
            AppendFraction(result, time, 9);
        else if (Conversion(next, time) is { } text)
            result.Append(text);
        else
            result.Append('%').Append(next);
        return 2;
    }

    private static void AppendFraction(StringBuilder result, DateTimeOffset time, int digits)
    {
        var nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * 100;
        result.Append(nanoseconds.ToString("000000000", CultureInfo.InvariantCulture), 0, digits);
    }

    private static string? Conversion(char conversion, DateTimeOffset time) => conversion switch
    {
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'Y' => Text(time, "yyyy"),
        'y' => Text(time, "yy"),
        'C' => (time.Year / 100).ToString("00", CultureInfo.InvariantCulture),
        'm' => Text(time, "MM"),
        'd' => Text(time, "dd"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'H' => Text(time, "HH"),
        'I' => Text(time, "hh"),
        'M' => Text(time, "mm"),
        'S' => Text(time, "ss"),
        'p' => Text(time, "tt"),
        'a' => Text(time, "ddd"),
        'A' => Text(time, "dddd"),
        'b' or 'h' => Text(time, "MMM"),
        'B' => Text(time, "MMMM"),
        'u' => (time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'V' => ISOWeek.GetWeekOfYear(time.DateTime).ToString("00", CultureInfo.InvariantCulture),
        'G' => ISOWeek.GetYear(time.DateTime).ToString(CultureInfo.InvariantCulture),
        'F' => Text(time, "yyyy-MM-dd"),
        'T' => Text(time, "HH:mm:ss"),
        'R' => Text(time, "HH:mm"),
        'D' => Text(time, "MM'/'dd'/'yy"),
        'z' => Text(time, "zzz").Replace(":", "", StringComparison.Ordinal),
        'Z' => time.Offset == TimeSpan.Zero ? "UTC" : Text(time, "zzz"),
        't' => "\t",
        '%' => "%",
        _ => null,
    };

    // A format of one letter would be read as a standard one.
    private static string Text(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
