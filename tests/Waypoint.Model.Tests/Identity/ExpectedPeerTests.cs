using Waypoint.Model.Identity;

namespace Waypoint.Model.Tests.Identity;

public sealed class ExpectedPeerTests
{
    private static readonly SpiffeId Web = SpiffeId.Create("cluster.local", "shop", "web")!;
    private static readonly SpiffeId Admin = SpiffeId.Create("cluster.local", "shop", "admin")!;
    private static readonly SpiffeId Foreign = SpiffeId.Create("other.td", "shop", "web")!;

    [Fact]
    public void Exactly_OneOfTheSet_AcceptedAndNobodyElse()
    {
        var expected = ExpectedPeer.Exactly(Web, Foreign);
        Assert.Equal([true, true, false], [expected.Accepts(Web), expected.Accepts(Foreign), expected.Accepts(Admin)]);
    }

    [Fact]
    public void Exactly_EmptySet_AcceptsNobody() => Assert.False(ExpectedPeer.Exactly().Accepts(Web));

    [Fact]
    public void InTrustDomains_EmptySet_AcceptsNobody() => Assert.False(ExpectedPeer.InTrustDomains().Accepts(Web));

    [Fact]
    public void InTrustDomains_WholeNameOnly()
    {
        var expected = ExpectedPeer.InTrustDomains("cluster.local", "other");
        Assert.Equal([true, false], [expected.Accepts(Web), expected.Accepts(Foreign)]);
    }

    [Fact]
    public void Equality_SameIdentitiesInAnyOrder_Equal()
    {
        Assert.Equal(ExpectedPeer.Exactly(Web, Admin), ExpectedPeer.Exactly(Admin, Web, Admin));
        Assert.Equal(ExpectedPeer.Exactly(Web, Admin).GetHashCode(), ExpectedPeer.Exactly(Admin, Web).GetHashCode());
        Assert.NotEqual(ExpectedPeer.Exactly(Web), ExpectedPeer.Exactly(Web, Admin));
        Assert.NotEqual(ExpectedPeer.Exactly(), ExpectedPeer.InTrustDomains());
        Assert.NotEqual(ExpectedPeer.Exactly(), ExpectedPeer.Anybody);
    }
}
