using Waypoint.Model.AccessLogs;
using Waypoint.Model.Edge;
using Waypoint.Model.Routes;

namespace Waypoint.Model.FilterChains;

/// <summary>The HTTP connection manager of a chain (<c>envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager</c>).</summary>
public sealed record HttpConnectionConfig
{
    /// <summary>What <see cref="IdleTimeout"/> is when nothing is sent: 1 h.</summary>
    public static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromHours(1);

    /// <summary><c>route_config</c>, inline; null while an RDS name has not been answered yet (then requests get 404).</summary>
    public required RouteTable? Routes { get; init; }

    /// <summary><c>rds.route_config_name</c>, or null for an inline table.</summary>
    public string? RouteConfigName { get; init; }

    /// <summary><c>http_filters</c> in order without the router.</summary>
    public required IReadOnlyList<HttpFilterConfig> Filters { get; init; }

    /// <summary><c>server_name</c>; default <c>envoy</c>, istiod sends <c>istio-envoy</c>.</summary>
    public string ServerName { get; init; } = "envoy";

    /// <summary><c>server_header_transformation</c>.</summary>
    public ServerHeaderMode ServerHeader { get; init; } = ServerHeaderMode.Overwrite;

    /// <summary><c>normalize_path</c>.</summary>
    public bool NormalizePath { get; init; }

    /// <summary><c>merge_slashes</c>.</summary>
    public bool MergeSlashes { get; init; }

    /// <summary><c>path_with_escaped_slashes_action</c>.</summary>
    public EscapedSlashesAction EscapedSlashes { get; init; } = EscapedSlashesAction.KeepUnchanged;

    /// <summary>What is believed of a request's headers and added to them.</summary>
    public EdgeConfig Edge { get; init; } = EdgeConfig.Default;

    /// <summary>How HTTP/1 requests are read (<c>http_protocol_options</c> and the limits).</summary>
    public Http1Config Http1 { get; init; } = Http1Config.Default;

    /// <summary><c>http2_protocol_options.allow_connect</c>: upgrades may come as extended CONNECT over HTTP/2 (RFC 8441).</summary>
    public bool AllowExtendedConnect { get; init; }

    /// <summary><c>http_protocol_options.accept_http_10</c>.</summary>
    public bool AcceptHttp10 { get; init; }

    /// <summary><c>http_protocol_options.header_key_format</c> with the preserve_case formatter.</summary>
    public bool PreserveHeaderCase { get; init; }

    /// <summary><c>upgrade_configs</c>: lower-case upgrade types that are allowed, such as <c>websocket</c>.</summary>
    public IReadOnlyList<string> AllowedUpgrades { get; init; } = [];

    /// <summary><c>common_http_protocol_options.idle_timeout</c>; default 1 h; zero: never.</summary>
    public TimeSpan IdleTimeout { get; init; } = DefaultIdleTimeout;

    /// <summary><c>stream_idle_timeout</c>; zero: off (what istiod sends).</summary>
    public TimeSpan StreamIdleTimeout { get; init; }

    /// <summary><c>request_timeout</c>; zero: off.</summary>
    public TimeSpan RequestTimeout { get; init; }

    /// <summary><c>request_headers_timeout</c>; zero: off.</summary>
    public TimeSpan RequestHeadersTimeout { get; init; }

    /// <summary><c>common_http_protocol_options.max_connection_duration</c>; zero: unlimited.</summary>
    public TimeSpan MaxConnectionDuration { get; init; }

    /// <summary><c>common_http_protocol_options.max_requests_per_connection</c>; zero: unlimited.</summary>
    public uint MaxRequestsPerConnection { get; init; }

    /// <summary><c>common_http_protocol_options.max_stream_duration</c>; zero: unlimited.</summary>
    public TimeSpan MaxStreamDuration { get; init; }

    /// <summary><c>Router.suppress_envoy_headers</c>.</summary>
    public bool SuppressEnvoyHeaders { get; init; }

    /// <summary><c>http2_protocol_options.max_concurrent_streams</c>, or null for the default.</summary>
    public uint? Http2MaxConcurrentStreams { get; init; }

    /// <summary>True when <c>access_log</c> is not empty.</summary>
    public bool AccessLogEnabled { get; init; }

    /// <summary>The line of <c>access_log</c>, where it is one file log whose format is understood; null: Istio's default line.</summary>
    public AccessLogFormat? AccessLogFormat { get; init; }

    /// <summary><c>stat_prefix</c>.</summary>
    public string StatPrefix { get; init; } = "";
}
