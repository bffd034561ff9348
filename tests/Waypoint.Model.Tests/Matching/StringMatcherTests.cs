using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Matching;

public sealed class StringMatcherTests
{
    [Fact]
    public void Matches_IgnoreCase_FoldsAsciiLettersOnly()
    {
        Assert.True(StringMatcher.Exact("straße", ignoreCase: true).Matches("STRAßE"));
        Assert.False(StringMatcher.Exact("é", ignoreCase: true).Matches("É"));
        // The Kelvin sign, which culture-aware folding takes for a k.
        Assert.False(StringMatcher.Prefix("k", ignoreCase: true).Matches("\u212A"));
        Assert.False(StringMatcher.Suffix("@", ignoreCase: true).Matches("`"));
    }

    [Theory]
    [InlineData("abcXdef", true)]
    [InlineData("abcx", true)]
    [InlineData("abc", false)]
    [InlineData("", false)]
    public void Matches_ContainsIgnoreCase_AnywhereInValue(string value, bool expected) =>
        Assert.Equal(expected, StringMatcher.Contains("x", ignoreCase: true).Matches(value));
}
