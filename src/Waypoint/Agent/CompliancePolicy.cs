using Waypoint.Options;

namespace Waypoint.Agent;

/// <summary>The mesh's <c>COMPLIANCE_POLICY</c>. HBONE is TLS 1.3 with the two AES-GCM suites in any case; what a policy asks beyond that the runtime cannot promise, and a
/// proxy that only looks compliant must not start.</summary>
internal static class CompliancePolicy
{
    private const string Advice = "Leave it unset for this waypoint, or keep the stock proxy for it.";

    /// <summary>Throws if a policy is set.</summary>
    /// <exception cref="OptionProblemException">What it asks for and why it cannot be kept.</exception>
    public static void Check(ContainerEnvironment environment)
    {
        if (environment.Text(EnvironmentTable.CompliancePolicy) is not { } policy)
            return;
        var reason = policy switch
        {
            "fips-140-2" => "It limits HBONE to TLS 1.2, which neither this proxy nor a ztunnel speaks there.",
            "fips-140-3" => "It allows the groups P-256 and P-384 only, and the runtime has no way to choose the groups of a handshake.",
            "pqc" => "It allows the group X25519MLKEM768 only, and the runtime has no way to choose the groups of a handshake.",
            _ => "No such policy is known.",
        };
        throw new OptionProblemException(EnvironmentTable.CompliancePolicy.Name, policy, "unset", $"{reason} {Advice}");
    }
}
