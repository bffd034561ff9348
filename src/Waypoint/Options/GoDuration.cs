using System.Globalization;

namespace Waypoint.Options;

/// <summary>Durations as Istio writes them: <c>45s</c>, <c>1h30m</c>, <c>500ms</c>; a decimal fraction is allowed in each part.</summary>
internal static class GoDuration
{
    /// <summary>What a message lists as accepted.</summary>
    public const string Accepted = "a duration such as 45s, 1h30m or 500ms";

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text == "0")
            return true;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = 0;
            while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
                digits++;
            var unit = digits;
            while (unit < rest.Length && char.IsAsciiLetter(rest[unit]))
                unit++;
            if (digits == 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            TimeSpan? part = rest[digits..unit] switch
            {
                "ms" => TimeSpan.FromMilliseconds(number),
                "s" => TimeSpan.FromSeconds(number),
                "m" => TimeSpan.FromMinutes(number),
                "h" => TimeSpan.FromHours(number),
                _ => null,
            };
            if (part is null)
                return false;
            value += part.Value;
            rest = rest[unit..];
        }
        return text.Length > 0;
    }
}
