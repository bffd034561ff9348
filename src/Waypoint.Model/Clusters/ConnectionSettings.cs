namespace Waypoint.Model.Clusters;

/// <summary>What a cluster says about each connection to its endpoints, beyond the HTTP version and the idle time. Immutable; compared by value, because pools made for equal
/// settings may go on.</summary>
public sealed record ConnectionSettings
{
    /// <summary>Envoy's defaults.</summary>
    public static ConnectionSettings Default { get; } = new();

    /// <summary><c>common_http_protocol_options.max_connection_duration</c>: an older connection takes no new request; zero: no limit.</summary>
    public TimeSpan MaxDuration { get; init; }

    /// <summary><c>upstream_connection_options.tcp_keepalive</c> of plain sockets; null: the system's default, off.</summary>
    public TcpKeepAlive? KeepAlive { get; init; }

    /// <summary><c>http2_protocol_options.max_concurrent_streams</c>: requests at a time on one HTTP/2 connection; null: as many as the peer allows.</summary>
    public int? MaxConcurrentStreams { get; init; }

    /// <summary><c>http2_protocol_options.initial_stream_window_size</c> in bytes, 65,535 to 16 MiB; null: our default of 1 MiB.</summary>
    public int? StreamWindowBytes { get; init; }

    /// <summary><c>http2_protocol_options.connection_keepalive.interval</c>: a PING so often; null: none.</summary>
    public TimeSpan? PingInterval { get; init; }

    /// <summary><c>http2_protocol_options.connection_keepalive.timeout</c>; default 20 s.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary><c>upstream_http_protocol_options.auto_sni</c>: the server name is the request's authority.</summary>
    public bool AutoServerName { get; init; }

    /// <summary><c>upstream_http_protocol_options.auto_san_validation</c>: the certificate must be for the request's authority.</summary>
    public bool AutoNameValidation { get; init; }

    /// <summary><c>original_dst_lb_config.upstream_port_override</c> of an ORIGINAL_DST cluster; 0: the port that was dialled.</summary>
    public int OriginalDestinationPort { get; init; }
}
