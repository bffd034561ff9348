namespace Waypoint.Model.Clusters;

/// <summary>A certificate with its key, a bundle of roots or of revocation lists, by where it comes from. Immutable.</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Name">Path of the certificate or bundle, name of the secret, or the PEM text itself; empty for the workload's own and the system's.</param>
/// <param name="Key">Path or PEM text of the private key; empty if there is none or it comes with the secret.</param>
public sealed record TlsSecretReference(TlsSecretKind Kind, string Name = "", string Key = "")
{
    /// <summary>For messages; never the content of a key.</summary>
    public override string ToString() => Kind switch
    {
        TlsSecretKind.Workload => "the workload certificate",
        TlsSecretKind.System => "the system's roots",
        TlsSecretKind.Discovered => $"secret '{Name}'",
        TlsSecretKind.Files => Key.Length == 0 ? $"file {Name}" : $"files {Name} and {Key}",
        _ => "the configuration's own PEM text",
    };
}
