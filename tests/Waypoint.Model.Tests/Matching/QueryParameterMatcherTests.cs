using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Matching;

public sealed class QueryParameterMatcherTests
{
    [Theory]
    [InlineData("/?a=1", true)]
    [InlineData("/?a=2&a=1", false)]
    [InlineData("/?b=2&a=1", true)]
    [InlineData("/?a=%31", false)]
    [InlineData("/?a", false)]
    [InlineData("/a=1", false)]
    [InlineData("/?aa=1", false)]
    [InlineData("/?&a=1", true)]
    [InlineData("/?A=1", false)]
    public void Matches_Value_FirstParameterUndecoded(string path, bool expected) =>
        Assert.Equal(expected, new QueryParameterMatcher("a", StringMatcher.Exact("1")).Matches(path));

    [Fact]
    public void Matches_BareName_HasEmptyValue() =>
        Assert.True(new QueryParameterMatcher("a", StringMatcher.Exact("")).Matches("/?a"));

    [Fact]
    public void Matches_AbsenceAsked_TrueWithoutParameter()
    {
        var absent = new QueryParameterMatcher("a", null, present: false);
        Assert.True(absent.Matches("/?b"));
        Assert.False(absent.Matches("/?a"));
    }
}
