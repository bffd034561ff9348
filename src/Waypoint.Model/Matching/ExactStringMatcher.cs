namespace Waypoint.Model.Matching;

/// <summary>The text equals the whole value.</summary>
internal sealed class ExactStringMatcher(string text, bool ignoreCase) : StringMatcher
{
    public override bool Matches(ReadOnlySpan<char> value) =>
        ignoreCase ? AsciiCase.Equals(value, text) : value.SequenceEqual(text);

    public override string ToString() => Describe("exact", text, ignoreCase);
}
