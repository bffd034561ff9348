using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Matching;

public sealed class HeaderMatcherTests
{
    private static readonly StringMatcher Admin = StringMatcher.Exact("admin");

    [Fact]
    public void Matches_SecondLineFits_OneLineIsEnough() =>
        Assert.True(HeaderMatcher.Value("role", Admin).Matches(Headers("user", "admin")));

    [Fact]
    public void Matches_InvertedAndSecondLineFits_CannotBeEscapedByAFirstLine() =>
        Assert.False(HeaderMatcher.Value("role", Admin, invert: true).Matches(Headers("user", "admin")));

    [Fact]
    public void Matches_LinesJoinedWouldFit_LinesAreNotJoined() =>
        Assert.False(HeaderMatcher.Value("role", StringMatcher.Exact("a,b")).Matches(Headers("a", "b")));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Matches_InvertedAndMissing_OnlyIfMissingCountsAsEmpty(bool missingIsEmpty, bool expected) =>
        Assert.Equal(expected, HeaderMatcher.Value("role", Admin, invert: true, missingIsEmpty).Matches(Headers()));

    [Theory]
    [InlineData("9", true)]
    [InlineData("10", false)]
    [InlineData("-3", true)]
    [InlineData("+3", true)]
    [InlineData(" 3", false)]
    [InlineData("3x", false)]
    [InlineData("99999999999999999999", false)]
    public void Matches_Range_WholeValueIsNumberBelowEnd(string value, bool expected) =>
        Assert.Equal(expected, HeaderMatcher.Range("role", -5, 10).Matches(Headers(value)));

    private static HeaderLines Headers(params string[] roles) => new(roles.Select(static role => KeyValuePair.Create("Role", role)));
}
