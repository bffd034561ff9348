namespace Waypoint.Model.Matching;

/// <summary>The text occurs in the value.</summary>
internal sealed class ContainsStringMatcher(string text, bool ignoreCase) : StringMatcher
{
    public override bool Matches(ReadOnlySpan<char> value) =>
        ignoreCase ? AsciiCase.Contains(value, text) : value.Contains(text, StringComparison.Ordinal);

    public override string ToString() => Describe("contains", text, ignoreCase);
}
