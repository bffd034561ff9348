using Waypoint.Model.Identity;

namespace Waypoint.Model.Tests.Identity;

public sealed class SpiffeIdTests
{
    [Theory]
    [InlineData("spiffe://cluster.local/ns/shop/sa/web", "cluster.local", "shop", "web")]
    [InlineData("spiffe://td-1.example_x/ns/a.b/sa/My-Account_1", "td-1.example_x", "a.b", "My-Account_1")]
    public void TryParse_GoodText_Parts(string text, string trustDomain, string ns, string serviceAccount)
    {
        Assert.True(SpiffeId.TryParse(text, out SpiffeId? id));
        Assert.Equal((trustDomain, ns, serviceAccount), (id.TrustDomain, id.Namespace, id.ServiceAccount));
        Assert.Equal(text, id.ToString());
        Assert.Equal(text["spiffe://".Length..], id.Principal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("spiffe://")]
    [InlineData("SPIFFE://cluster.local/ns/shop/sa/web")]
    [InlineData("https://cluster.local/ns/shop/sa/web")]
    [InlineData("spiffe://cluster.local/ns/shop/sa")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/web/")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/web/more")]
    [InlineData("spiffe://cluster.local/ns//sa/web")]
    [InlineData("spiffe:///ns/shop/sa/web")]
    [InlineData("spiffe://cluster.local/sa/web/ns/shop")]
    [InlineData("spiffe://cluster.local/NS/shop/sa/web")]
    [InlineData("spiffe://Cluster.local/ns/shop/sa/web")]
    [InlineData("spiffe://cluster.local:80/ns/shop/sa/web")]
    [InlineData("spiffe://user@cluster.local/ns/shop/sa/web")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/%77eb")]
    [InlineData("spiffe://cluster.local/ns/../sa/web")]
    [InlineData("spiffe://cluster.local/ns/./sa/web")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/web\0")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/web?x")]
    [InlineData("spiffe://cluster.local/ns/shop/sa/we b")]
    public void TryParse_AnythingElse_Refused(string? text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Fact]
    public void TryParse_TooLong_Refused()
    {
        string text = "spiffe://cluster.local/ns/shop/sa/";
        Assert.True(SpiffeId.TryParse(text + new string('a', SpiffeId.MaxLength - text.Length), out _));
        Assert.False(SpiffeId.TryParse(text + new string('a', SpiffeId.MaxLength - text.Length + 1), out _));
    }

    [Fact]
    public void Create_SameParts_EqualToTheParsedOne()
    {
        SpiffeId? created = SpiffeId.Create("cluster.local", "shop", "web");
        Assert.True(SpiffeId.TryParse("spiffe://cluster.local/ns/shop/sa/web", out SpiffeId? parsed));
        Assert.Equal(parsed, created);
        Assert.Equal(parsed.GetHashCode(), created!.GetHashCode());
    }

    [Theory]
    [InlineData("", "shop", "web")]
    [InlineData("cluster.local", "", "web")]
    [InlineData("cluster.local", "shop", "a/b")]
    [InlineData("Cluster.local", "shop", "web")]
    public void Create_PartThatNoIdentityHas_Null(string trustDomain, string ns, string serviceAccount) => Assert.Null(SpiffeId.Create(trustDomain, ns, serviceAccount));
}
