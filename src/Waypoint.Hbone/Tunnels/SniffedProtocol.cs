namespace Waypoint.Hbone.Tunnels;

/// <summary>What the first bytes of a tunnel look like.</summary>
public enum SniffedProtocol
{
    /// <summary>None of the others, or no byte in time (a protocol in which the server speaks first).</summary>
    Opaque,

    /// <summary>An HTTP/1 request line: method token, target, <c>HTTP/1.</c></summary>
    Http1,

    /// <summary>The HTTP/2 client preface.</summary>
    Http2,

    /// <summary>A TLS handshake record.</summary>
    Tls,

    /// <summary>The client ended or reset the tunnel before anything could be told.</summary>
    Closed,
}
