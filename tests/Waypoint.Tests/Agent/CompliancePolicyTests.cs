using Waypoint.Agent;
using Waypoint.Options;

namespace Waypoint.Tests.Agent;

public sealed class CompliancePolicyTests
{
    [Theory]
    [InlineData("fips-140-2", "TLS 1.2")]
    [InlineData("fips-140-3", "P-256")]
    [InlineData("pqc", "X25519MLKEM768")]
    [InlineData("gold", "No such policy")]
    public void Check_PolicyThatCannotBeKept_RefusedWithTheReason(string policy, string reason)
    {
        var environment = new ContainerEnvironment(new Dictionary<string, string> { ["COMPLIANCE_POLICY"] = policy });
        var problem = Assert.Throws<OptionProblemException>(() => CompliancePolicy.Check(environment));
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NoPolicy_Passes() => CompliancePolicy.Check(new ContainerEnvironment(new Dictionary<string, string>()));
}
