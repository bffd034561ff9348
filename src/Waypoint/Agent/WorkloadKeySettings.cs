using System.Globalization;
using Waypoint.Options;

namespace Waypoint.Agent;

/// <summary>What kind of key the workload certificate gets.</summary>
/// <param name="RsaBits">Size of an RSA key in bits, at least 2048; null for an ECDSA key.</param>
/// <param name="Curve">P256 or P384, for an ECDSA key.</param>
internal sealed record WorkloadKeySettings(int? RsaBits, string Curve)
{
    /// <summary>ECDSA P-256: handshakes cost a fraction of RSA's, and ztunnels use it too.</summary>
    public static WorkloadKeySettings Default { get; } = new(null, "P256");

    /// <exception cref="OptionProblemException">A size or curve that cannot be used.</exception>
    public static WorkloadKeySettings From(ContainerEnvironment environment)
    {
        var curve = environment.Text(EnvironmentTable.EccCurve) ?? Default.Curve;
        if (curve is not ("P256" or "P384"))
            throw new OptionProblemException(EnvironmentTable.EccCurve.Name, curve, EnvironmentTable.EccCurve.Accepted);
        var algorithm = environment.Text(EnvironmentTable.EccAlgorithm);
        if (algorithm is not (null or "ECDSA"))
            throw new OptionProblemException(EnvironmentTable.EccAlgorithm.Name, algorithm, EnvironmentTable.EccAlgorithm.Accepted);
        if (algorithm is not null || environment.Text(EnvironmentTable.RsaKeySize) is not { } size)
            return new WorkloadKeySettings(null, curve);
        if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) || bits is < 2048 or > 8192)
            throw new OptionProblemException(EnvironmentTable.RsaKeySize.Name, size, EnvironmentTable.RsaKeySize.Accepted);
        return new WorkloadKeySettings(bits, curve);
    }
}
