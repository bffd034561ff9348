using System.Net;
using Waypoint.Model.Authorization;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Authorization;

public sealed class RbacMatchTreeTests
{
    private static readonly RbacMatchInput Port = new(RbacMatchInputKind.DestinationPort);

    [Fact]
    public void Evaluate_NothingFound_Denied()
    {
        var tree = new RbacMatchTree(new RbacMatchNode.Choices([(PortIs("81"), Allow("a"))], null), hasLogAction: false);
        Assert.Equal(new RbacVerdict(false, null, null, RbacVerdict.DeniedByNone), tree.Evaluate(new TestRequest()));
    }

    [Fact]
    public void Evaluate_NestedMatcherFindsNothing_NextChoiceTried()
    {
        var nested = new RbacMatchNode.Choices([(PortIs("81"), Allow("inner"))], null);
        var root = new RbacMatchNode.Choices([(PortIs("80"), new RbacMatchResult.Descend(nested)), (PortIs("80"), Deny("outer"))], Allow("none"));
        Assert.Equal("outer", new RbacMatchTree(root, false).Evaluate(new TestRequest()).Policy);
    }

    [Fact]
    public void Evaluate_Prefixes_LongestFirst()
    {
        var values = new Dictionary<string, RbacMatchResult> { ["/a"] = Allow("short"), ["/a/b"] = Deny("long") };
        var tree = new RbacMatchTree(new RbacMatchNode.Prefixes(new RbacMatchInput(RbacMatchInputKind.Header, ":path"), values, null), false);
        Assert.Equal("long", tree.Evaluate(new TestRequest { Path = "/a/b/c" }).Policy);
        Assert.Equal("short", tree.Evaluate(new TestRequest { Path = "/a/c" }).Policy);
    }

    [Theory]
    [InlineData("10.1.2.3", "narrow")]
    [InlineData("10.9.0.1", "wide")]
    [InlineData("11.0.0.1", "other")]
    public void Evaluate_Addresses_NarrowestFirst(string address, string expected)
    {
        Assert.True(AddressBlock.TryCreate("10.0.0.0", 8, out AddressBlock wide));
        Assert.True(AddressBlock.TryCreate("10.1.0.0", 16, out AddressBlock narrow));
        var tree = new RbacMatchTree(
            new RbacMatchNode.Addresses(new RbacMatchInput(RbacMatchInputKind.DestinationAddress), [(wide, false, Allow("wide")), (narrow, false, Allow("narrow"))], Allow("other")), false);
        Assert.Equal(expected, tree.Evaluate(new TestRequest { DestinationAddress = IPAddress.Parse(address) }).Policy);
    }

    [Fact]
    public void Evaluate_LogSomewhereInTheTree_HintForEveryRequest()
    {
        var root = new RbacMatchNode.ExactValues(Port, new Dictionary<string, RbacMatchResult> { ["80"] = new RbacMatchResult.Decision("l", RbacAction.Log) }, Allow("a"));
        var tree = new RbacMatchTree(root, hasLogAction: true);
        Assert.Equal(new RbacVerdict(true, "l", true, "rbac_access_denied_matched_policy[l]"), tree.Evaluate(new TestRequest()));
        Assert.Equal(false, tree.Evaluate(new TestRequest { DestinationPort = 81 }).AccessLogHint);
    }

    [Fact]
    public void Evaluate_InputAbsent_NoComparisonHolds()
    {
        var absent = new RbacMatchPredicate.Text(new RbacMatchInput(RbacMatchInputKind.ServerName), StringMatcher.Prefix(""));
        var root = new RbacMatchNode.Choices([(absent, Deny("d")), (new RbacMatchPredicate.Not(absent), Allow("a"))], null);
        Assert.Equal("a", new RbacMatchTree(root, false).Evaluate(new TestRequest()).Policy);
    }

    private static RbacMatchPredicate.Text PortIs(string port) => new(Port, StringMatcher.Exact(port));

    private static RbacMatchResult.Decision Allow(string name) => new(name, RbacAction.Allow);

    private static RbacMatchResult.Decision Deny(string name) => new(name, RbacAction.Deny);
}
