namespace Waypoint.Model.Matching;

/// <summary>The text ends the value.</summary>
internal sealed class SuffixStringMatcher(string text, bool ignoreCase) : StringMatcher
{
    public override bool Matches(ReadOnlySpan<char> value) =>
        ignoreCase ? AsciiCase.EndsWith(value, text) : value.EndsWith(text);

    public override string ToString() => Describe("suffix", text, ignoreCase);
}
