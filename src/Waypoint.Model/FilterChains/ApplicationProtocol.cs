namespace Waypoint.Model.FilterChains;

/// <summary>What the first bytes of a tunnel look like (listener filters <c>http_inspector</c> and <c>tls_inspector</c>).</summary>
public enum ApplicationProtocol
{
    /// <summary>Nobody has looked yet.</summary>
    NotInspected,

    /// <summary>Neither HTTP nor (known) TLS, or no bytes in time.</summary>
    Unknown,

    /// <summary><c>'http/1.0'</c>.</summary>
    Http10,

    /// <summary><c>'http/1.1'</c>.</summary>
    Http11,

    /// <summary><c>'h2c'</c>: the HTTP/2 preface.</summary>
    Http2,
}
