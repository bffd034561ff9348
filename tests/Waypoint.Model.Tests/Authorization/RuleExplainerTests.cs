using System.Net;
using Waypoint.Model.Authorization;
using Waypoint.Model.Matching;
using static Waypoint.Model.Authorization.AuthorizationRule;

namespace Waypoint.Model.Tests.Authorization;

public sealed class RuleExplainerTests
{
    private static readonly AuthorizationRule Admin = new UrlPath(new PathMatcher(StringMatcher.Prefix("/admin")));
    private static readonly AuthorizationRule Port = new DestinationPort(80, 81);
    private static readonly AuthorizationRule Ports = new DestinationPort(8000, 9000);

    [Fact]
    public void Explain_All_TheOneThatFailsDecides() =>
        Assert.Equal(new RuleExplanation(false, "path prefix \"/admin\""), RuleExplainer.Explain(new All([Port, Admin, Ports]), new TestRequest { Path = "/x" }));

    [Fact]
    public void Explain_AnyOf_TheOneThatFitsDecides() =>
        Assert.Equal(new RuleExplanation(true, "destination port 80"), RuleExplainer.Explain(new AnyOf([Ports, Port, Admin]), new TestRequest { Path = "/x" }));

    [Fact]
    public void Explain_NoneFits_AllAreNamed() =>
        Assert.Equal(new RuleExplanation(false, "destination port in [8000, 9000) or path prefix \"/admin\""), RuleExplainer.Explain(new AnyOf([Ports, Admin]), new TestRequest { Path = "/x" }));

    [Fact]
    public void Explain_Not_TurnedAround() =>
        Assert.Equal(new RuleExplanation(true, "not (path prefix \"/admin\")"), RuleExplainer.Explain(new Not(Admin), new TestRequest { Path = "/x" }));

    [Theory]
    [InlineData("10.1.2.3", 8u, "10.0.0.0/8")]
    [InlineData("fd00::7", 64u, "fd00::/64")]
    [InlineData("::ffff:10.1.2.3", 112u, "10.1.0.0/16")]
    public void Explain_AddressBlock_AsItIsWritten(string address, uint length, string text)
    {
        Assert.True(AddressBlock.TryCreate(address, length, out AddressBlock block));
        Assert.Equal(new RuleExplanation(false, "source address in " + text), RuleExplainer.Explain(new DirectRemoteAddress(block), new TestRequest { DirectRemoteAddress = IPAddress.Loopback }));
    }

    [Fact]
    public void Explain_Policies_SameAnswersAsTheEvaluator()
    {
        var set = new RbacPolicySet(RbacAction.Deny, [new RbacPolicy("b", Port, Always.Instance), new RbacPolicy("a", Admin, Always.Instance), new RbacPolicy("c", Always.Instance, new Not(Always.Instance))]);
        Assert.Equal([("a", false), ("b", true), ("c", false)], RuleExplainer.Explain(set, new TestRequest { Path = "/x" }).Select(static p => (p.Name, p.Matches)));
    }
}
