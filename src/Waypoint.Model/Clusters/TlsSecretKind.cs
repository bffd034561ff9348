namespace Waypoint.Model.Clusters;

/// <summary>Where a certificate or a bundle comes from.</summary>
public enum TlsSecretKind
{
    /// <summary>The waypoint's own workload certificate or the mesh's roots (<c>default</c>, <c>ROOTCA</c>).</summary>
    Workload,

    /// <summary>PEM files (<c>file-cert:CERT~KEY</c>, <c>file-root:PATH</c>, <c>filename</c>); read again when they change.</summary>
    Files,

    /// <summary>The roots that the system trusts (<c>file-root:system</c>, <c>system_root_certs</c>).</summary>
    System,

    /// <summary>A secret that the control plane sends by name (<c>kubernetes://NAME</c>).</summary>
    Discovered,

    /// <summary>PEM texts in the configuration itself.</summary>
    Inline,
}
