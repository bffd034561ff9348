using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Matching;

public sealed class PathTemplateTests
{
    [Theory]
    [InlineData("/users/*/secrets", "/users/anna/secrets", true)]
    [InlineData("/users/*/secrets", "/users//secrets", false)]
    [InlineData("/users/*/secrets", "/users/a/b/secrets", false)]
    [InlineData("/users/*/secrets", "/users/anna/secrets?x=/y", true)]
    [InlineData("/archive/**/raw", "/archive/a/b/raw", true)]
    [InlineData("/archive/**", "/archive/", true)]
    [InlineData("/archive/**", "/archive", false)]
    [InlineData("/{a}/{b=*}", "/x/y", true)]
    [InlineData("/{a=x/*}/z", "/x/y/z", true)]
    [InlineData("/{a=x/*}/z", "/q/y/z", false)]
    [InlineData("/**.js", "/lib/a.js", true)]
    [InlineData("/**.js", "/lib/ajs", false)]
    [InlineData("/Users", "/users", false)]
    [InlineData("/", "/", true)]
    [InlineData("/", "/x", false)]
    public void Matches_WholePath_SegmentsFit(string template, string path, bool expected)
    {
        Assert.True(PathTemplate.TryParse(template, out var parsed, out var problem), problem);
        Assert.Equal(expected, parsed.Matches(path));
    }

    [Theory]
    [InlineData("users")]
    [InlineData("")]
    [InlineData("/users/")]
    [InlineData("//users")]
    [InlineData("/{a")]
    [InlineData("/{a}/{a}")]
    [InlineData("/{1a}")]
    [InlineData("/{a=}")]
    [InlineData("/{a={b}}")]
    [InlineData("/**/*")]
    [InlineData("/{a=**}/{b}")]
    [InlineData("/{a}/{b}/{c}/{d}/{e}/{f}")]
    [InlineData("/a b")]
    [InlineData("/*a/b")]
    public void TryParse_NotATemplate_Refused(string template)
    {
        Assert.False(PathTemplate.TryParse(template, out _, out var problem));
        Assert.NotEmpty(problem);
    }
}
