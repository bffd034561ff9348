using Waypoint.Model.Headers;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Headers;

public sealed class HeaderMutationRulesTests
{
    [Theory]
    [InlineData("x-user", true)]
    [InlineData(":path", true)]
    [InlineData("host", false)]
    [InlineData(":authority", false)]
    [InlineData(":method", false)]
    [InlineData("x-envoy-retry-on", false)]
    public void Allows_Defaults_NeitherRoutingNorEnvoy(string name, bool allowed) => Assert.Equal(allowed, new HeaderMutationRules().Allows(name));

    [Fact]
    public void Allows_Switches_OpenAndClose()
    {
        Assert.True(new HeaderMutationRules { AllowRouting = true }.Allows("host"));
        Assert.True(new HeaderMutationRules { AllowEnvoy = true }.Allows("x-envoy-max-retries"));
        Assert.False(new HeaderMutationRules { DisallowSystem = true }.Allows(":path"));
        Assert.False(new HeaderMutationRules { DisallowAll = true }.Allows("x-user"));
    }

    [Fact]
    public void Allows_Expressions_DisallowWinsOverAllowOverTheRest()
    {
        var rules = new HeaderMutationRules { DisallowAll = true, Allowed = StringMatcher.Prefix("x-"), Disallowed = StringMatcher.Exact("x-secret") };
        Assert.True(rules.Allows("x-envoy-a"));
        Assert.False(rules.Allows("x-secret"));
        Assert.False(rules.Allows("y"));
    }
}
