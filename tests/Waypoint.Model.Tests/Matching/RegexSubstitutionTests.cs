using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Matching;

public sealed class RegexSubstitutionTests
{
    [Theory]
    [InlineData("/.*", "/new", "/old/path", "/new")]
    [InlineData("^/v1(/?)(.*)", @"/\2", "/v1/users", "/users")]
    [InlineData("^/v1(/?)(.*)", @"/\2", "/v1", "/")]
    [InlineData("a*", "X", "baac", "XbXcX")]
    [InlineData("e", "$1", "here", "h$1r$1")]
    [InlineData("(a)(b)?", @"[\1\2]", "ac", "[a]c")]
    [InlineData("(?P<x>a)", @"\0\1\\", "a", @"aa\")]
    [InlineData("z", "y", "abc", "abc")]
    public void ReplaceAll_Occurrences_ReplacedAsRe2Does(string pattern, string substitution, string text, string expected)
    {
        Assert.True(RegexSubstitution.TryCreate(pattern, substitution, out var result, out var problem), problem);
        Assert.Equal(expected, result.ReplaceAll(text));
    }

    [Theory]
    [InlineData("(a)", @"\2")]
    [InlineData("(a)", @"\x")]
    [InlineData("(a)", "\\")]
    [InlineData("(", "")]
    public void TryCreate_GroupThatThePatternLacks_Refused(string pattern, string substitution)
    {
        Assert.False(RegexSubstitution.TryCreate(pattern, substitution, out _, out var problem));
        Assert.NotEmpty(problem);
    }
}
