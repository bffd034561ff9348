namespace Waypoint.Model.Clusters;

/// <summary>Which HTTP version is spoken to the endpoints of a cluster.</summary>
public enum UpstreamHttpVersion
{
    /// <summary>HTTP/1.1 (no options sent, or <c>explicit_http_config.http_protocol_options</c>).</summary>
    Http11,

    /// <summary>HTTP/2 with prior knowledge (<c>explicit_http_config.http2_protocol_options</c>).</summary>
    Http2,

    /// <summary>What the client spoke (<c>use_downstream_protocol_config</c>).</summary>
    SameAsDownstream,
}
