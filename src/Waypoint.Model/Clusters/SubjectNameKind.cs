namespace Waypoint.Model.Clusters;

/// <summary><c>SubjectAltNameMatcher.SanType</c>.</summary>
public enum SubjectNameKind
{
    /// <summary>A name of any kind (the older <c>match_subject_alt_names</c>).</summary>
    Any,

    /// <summary>A DNS name, perhaps with a star for its first label.</summary>
    Dns,

    /// <summary>A URI, such as a SPIFFE identity.</summary>
    Uri,

    /// <summary>An IP address as text.</summary>
    IpAddress,

    /// <summary>An e-mail address.</summary>
    Email,
}
