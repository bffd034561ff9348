namespace Waypoint.Model.Authorization;

/// <summary>Which names of the peer's certificate a rule looks at (<c>SubjectAltNameMatcher.san_type</c>).</summary>
public enum CertificateNameKind
{
    /// <summary>None: a validated certificate is enough.</summary>
    None,

    /// <summary>URI names.</summary>
    Uri,

    /// <summary>DNS names.</summary>
    Dns,
}
