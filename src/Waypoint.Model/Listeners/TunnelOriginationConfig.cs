namespace Waypoint.Model.Listeners;

/// <summary>What cluster <c>connect_originate</c> says about HBONE connections to endpoints.</summary>
public sealed record TunnelOriginationConfig
{
    /// <summary><c>Cluster.connect_timeout</c>: TCP, TLS and CONNECT together; default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>common_http_protocol_options.idle_timeout</c> of an HBONE connection without tunnels; default 1 h.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>original_dst_lb_config.upstream_port_override</c>; default 15008.</summary>
    public int HbonePort { get; init; } = 15008;

    /// <summary>Trust domains that a peer of unknown workload may have, from the SAN prefixes; null when validation is switched off.</summary>
    public IReadOnlyList<string>? TrustDomains { get; init; }

    /// <summary><c>http2_protocol_options.initial_stream_window_size</c> in bytes, or null for our own default.</summary>
    public uint? InitialStreamWindowBytes { get; init; }

    /// <summary><c>http2_protocol_options.initial_connection_window_size</c> in bytes, or null for our own default.</summary>
    public uint? InitialConnectionWindowBytes { get; init; }
}
