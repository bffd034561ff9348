using Waypoint.Model.Filters.ExtAuthz;

namespace Waypoint.Model.Tests.Filters.ExtAuthz;

public sealed class QueryChangeTests
{
    [Theory]
    [InlineData("/a", "x=1", "", "/a?x=1")]
    [InlineData("/a?", "x=1", "", "/a?x=1")]
    [InlineData("/a?x=0&y=2", "x=1", "", "/a?x=1&y=2")]
    [InlineData("/a?x=0&y=2&x=3", "x=1", "", "/a?x=1&y=2")]
    [InlineData("/a?x&y=2", "", "x", "/a?y=2")]
    [InlineData("/a?x=1", "", "x", "/a")]
    [InlineData("/a?x=1&x=2&z=", "", "x", "/a?z=")]
    [InlineData("/a?xx=1", "", "x", "/a?xx=1")]
    public void Apply_SetAndRemove_OtherParametersStay(string path, string set, string remove, string expected)
    {
        KeyValuePair<string, string>[] toSet = set.Length == 0 ? [] : [KeyValuePair.Create(set.Split('=')[0], set.Split('=')[1])];
        Assert.Equal(expected, QueryChange.Apply(path, toSet, remove.Length == 0 ? [] : [remove]));
    }
}
