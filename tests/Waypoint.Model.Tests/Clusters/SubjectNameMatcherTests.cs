using Waypoint.Model.Clusters;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Clusters;

public sealed class SubjectNameMatcherTests
{
    [Theory]
    [InlineData("a.example", "a.example", true)]
    [InlineData("A.Example", "a.example.", true)]
    [InlineData("*.example.org", "a.example.org", true)]
    [InlineData("*.example.org", "a.b.example.org", false)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.org", "example.org", false)]
    [InlineData("a*.example.org", "ab.example.org", false)]
    [InlineData("*", "a", false)]
    [InlineData("", "", false)]
    [InlineData("*.example.org", ".example.org", false)]
    public void CoversDnsName_StarForTheFirstLabelOnly(string name, string host, bool expected) => Assert.Equal(expected, SubjectNameMatcher.CoversDnsName(name, host));

    [Fact]
    public void Matches_NameOfAnotherKind_DoesNotFit()
    {
        var matcher = new SubjectNameMatcher(SubjectNameKind.Uri, StringMatcher.Prefix("spiffe://"), null);

        Assert.True(matcher.Matches(SubjectNameKind.Uri, "spiffe://a/b"));
        Assert.False(matcher.Matches(SubjectNameKind.Dns, "spiffe://a/b"));
    }

    [Fact]
    public void Matches_ExactTextAndWildcardOfTheCertificate_Fits() =>
        Assert.True(new SubjectNameMatcher(SubjectNameKind.Any, StringMatcher.Exact("a.example.org"), "a.example.org").Matches(SubjectNameKind.Dns, "*.example.org"));
}
