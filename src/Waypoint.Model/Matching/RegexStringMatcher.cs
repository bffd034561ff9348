using System.Text.RegularExpressions;

namespace Waypoint.Model.Matching;

/// <summary>An RE2 pattern fits the whole value.</summary>
internal sealed class RegexStringMatcher(string source, Regex pattern) : StringMatcher
{
    public override bool Matches(ReadOnlySpan<char> value) => pattern.IsMatch(value);

    public override string ToString() => Describe("regex", source, ignoreCase: false);
}
