using Waypoint.Xds.Decoding;

namespace Waypoint.Xds.Tests.Decoding;

public sealed class DecodeContextTests
{
    [Fact]
    public void Refuse_NestedFields_PathWithPositionsBelowTheSubject()
    {
        var context = new DecodeContext("Filter chain 'c'");
        using (context.Field("filters", 1))
        using (context.Within("Route 'r' in virtual host 'v'"))
        using (context.Field("retry_policy"))
            context.RefuseValue("num_retries", "250", "0-100");
        context.Refuse("", "is empty");

        Assert.Equal(
            ["Route 'r' in virtual host 'v': retry_policy.num_retries is 250; accepted 0-100", "Filter chain 'c': is empty"],
            context.Problems.Select(static problem => problem.Message));
    }

    [Fact]
    public void Ignore_SameFieldOfSeveralElements_ListedOnce()
    {
        var context = new DecodeContext("Cluster 'c'");
        for (var i = 0; i < 3; i++)
        {
            using var scope = context.Field("endpoints", i);
            context.Ignore("hostname", "nobody reads it");
        }

        Assert.Equal(new IgnoredField("endpoints.hostname", "nobody reads it"), Assert.Single(context.Ignored));
        Assert.False(context.HasProblems);
    }

    [Fact]
    public void Refuse_ValueWithLineBreak_MessageStaysOneLine()
    {
        var context = new DecodeContext("Cluster 'c'");
        context.Refuse("name", "is odd", "a\r\nb" + new string('x', 300));
        Assert.DoesNotContain('\n', context.Problems[0].Message);
        Assert.True(context.Problems[0].Message.Length < 250);
    }
}
