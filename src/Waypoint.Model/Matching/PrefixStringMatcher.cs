namespace Waypoint.Model.Matching;

/// <summary>The text begins the value.</summary>
internal sealed class PrefixStringMatcher(string text, bool ignoreCase) : StringMatcher
{
    public override bool Matches(ReadOnlySpan<char> value) =>
        ignoreCase ? AsciiCase.StartsWith(value, text) : value.StartsWith(text);

    public override string ToString() => Describe("prefix", text, ignoreCase);
}
