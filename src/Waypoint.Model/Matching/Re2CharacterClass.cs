using System.Globalization;
using System.Text;

namespace Waypoint.Model.Matching;

/// <summary>A set of characters: ranges of code points and Unicode categories.</summary>
internal sealed class Re2CharacterClass
{
    private const int LastUnit = 0xFFFF;

    private readonly List<(int Low, int High)> _ranges = [];
    private readonly StringBuilder _categories = new();

    internal bool IsNegated { get; set; }

    internal void Add(int low, int high) => _ranges.Add((low, high));

    /// <summary>Adds ranges, or everything but them.</summary>
    internal void Add(ReadOnlySpan<(char Low, char High)> ascii, bool negated)
    {
        if (!negated)
        {
            foreach (var (low, high) in ascii)
                Add(low, high);
            return;
        }

        // The tables are sorted, so that the gaps between their ranges are the complement.
        var next = 0;
        foreach (var (low, high) in ascii)
        {
            if (low > next)
                Add(next, low - 1);
            next = high + 1;
        }

        Add(next, LastUnit);
    }

    /// <summary>Adds a general category such as <c>Lu</c>, or everything but it.</summary>
    internal void AddCategory(string name, bool negated)
    {
        if (name == "Any")
        {
            if (!negated)
                Add(0, LastUnit);
            return;
        }

        _categories.Append(negated ? @"\P{" : @"\p{").Append(name).Append('}');
    }

    internal void AppendTo(StringBuilder output)
    {
        var any = _categories.Length > 0;
        var body = new StringBuilder();
        foreach (var (low, high) in _ranges)
        {
            // A character beyond the basic plane is two units, which no single class can hold; a range that goes beyond keeps what is below.
            if (low > LastUnit)
                continue;
            any = true;
            AppendUnit(body, low);
            if (high > low)
                AppendUnit(body.Append('-'), Math.Min(high, LastUnit));
        }

        if (!any)
            output.Append(IsNegated ? @"[\s\S]" : @"[^\s\S]");
        else
            output.Append(IsNegated ? "[^" : "[").Append(body).Append(_categories).Append(']');
    }

    /// <summary>Writes one ordinary character outside a class.</summary>
    internal static void AppendLiteral(StringBuilder output, int codePoint)
    {
        if (codePoint > LastUnit)
        {
            // Grouped, so that a repetition takes both units.
            var pair = char.ConvertFromUtf32(codePoint);
            output.Append("(?:");
            AppendUnit(output, pair[0]);
            AppendUnit(output, pair[1]);
            output.Append(')');
        }
        else
        {
            AppendUnit(output, codePoint);
        }
    }

    private static void AppendUnit(StringBuilder output, int unit)
    {
        if (unit < 0x80 && char.IsAsciiLetterOrDigit((char)unit))
            output.Append((char)unit);
        else
            output.Append(CultureInfo.InvariantCulture, $"\\u{unit:X4}");
    }
}
