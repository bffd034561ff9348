using Waypoint.Model.Filters.Fault;
using Waypoint.Model.Grpc;

namespace Waypoint.Model.Failures;

/// <summary>The one place that maps a <see cref="FailureReason"/> to status, flag, details and body, as Envoy words them.</summary>
public static class FailureTable
{
    private static readonly FailureRow[] Rows = BuildRows();

    /// <summary>The row of <paramref name="reason"/>.</summary>
    public static FailureRow Of(FailureReason reason) => Rows[(int)reason];

    /// <summary>gRPC status for a local reply with an HTTP status (gRPC's mapping of HTTP status codes).</summary>
    public static int GrpcStatusOf(int httpStatus) => GrpcStatus.FromHttp(httpStatus);

    private static FailureRow[] BuildRows()
    {
        var rows = new FailureRow[Enum.GetValues<FailureReason>().Length];
        foreach (FailureReason reason in Enum.GetValues<FailureReason>())
        {
            rows[(int)reason] = Row(reason);
        }

        return rows;
    }

    private static FailureRow Row(FailureReason reason) => reason switch
    {
        FailureReason.None => new(200, "", "via_upstream", "", "", false),
        FailureReason.NoFilterChain => new(404, "NR", "filter_chain_not_found", "", "", true),
        FailureReason.ChainRefused => Local(503, "", "filter_chain_refused", "configuration of this service is refused; see the proxy's log"),
        FailureReason.NotConfigured => Local(503, "", "not_configured", "no configuration yet"),
        FailureReason.NoRoute => new(404, "NR", "route_not_found", "", "", true),
        FailureReason.ClusterNotFound => Local(503, "NC", "cluster_not_found", ""),
        FailureReason.ClusterUnsupported => Local(503, "UH", "cluster_unsupported", "this kind of destination is not supported"),
        FailureReason.NoHealthyUpstream => Local(503, "UH", "no_healthy_upstream", "no healthy upstream"),
        FailureReason.DnsResolutionFailed => Local(503, "DF", "dns_resolution_failure", "DNS resolution failure"),
        FailureReason.ConnectFailure => Reset(ResetReason.RemoteConnectionFailure),
        FailureReason.ConnectTimeout => Reset(ResetReason.ConnectionTimeout),
        FailureReason.TunnelRefused => Reset(ResetReason.ConnectionTermination),
        FailureReason.UpstreamClosed => Reset(ResetReason.ConnectionTermination),
        FailureReason.UpstreamReset => Reset(ResetReason.RemoteReset),
        FailureReason.UpstreamRefusedStream => Reset(ResetReason.RemoteRefusedStreamReset),
        FailureReason.UpstreamProtocolError => Reset(ResetReason.ProtocolError),
        FailureReason.Overflow => Reset(ResetReason.Overflow) with { Mark = "x-envoy-overloaded" },
        FailureReason.RouteTimeout => Local(504, "UT", "response_timeout", "upstream request timeout"),
        FailureReason.PerTryTimeout => Local(504, "UT", "upstream_per_try_timeout", "upstream request timeout"),
        FailureReason.PerTryIdleTimeout => Local(504, "UT", ResponseDetails.UpstreamPerTryIdleTimeout, "upstream request timeout"),
        FailureReason.MaxStreamDuration => Local(408, "UMSDR", ResponseDetails.UpstreamMaxStreamDurationReached, "upstream max stream duration reached"),
        FailureReason.MaintenanceMode => Local(503, "UO", ResponseDetails.MaintenanceMode, "maintenance mode", "x-envoy-overloaded"),
        FailureReason.DropOverload => Local(503, "DO", ResponseDetails.DropOverload, "drop overload", "x-envoy-drop-overload"),
        FailureReason.UnconditionalDropOverload =>
            Local(503, "UDO", ResponseDetails.UnconditionalDropOverload, "unconditional drop overload", "x-envoy-unconditional-drop-overload"),
        FailureReason.LocalReset => Reset(ResetReason.LocalReset),
        FailureReason.StreamIdle => Local(504, "SI", "stream_idle_timeout", "stream timeout"),
        FailureReason.StreamTooLong => Local(408, "DT", "max_duration_timeout", "downstream duration timeout"),
        FailureReason.RequestTooSlow => Client(408, "", "request_overall_timeout", "request timeout"),
        FailureReason.HeadTooSlow => Client(408, "", "request_header_timeout", "request header timeout"),
        FailureReason.UpgradeNotAllowed => Client(403, "", "upgrade_failed", ""),
        FailureReason.HttpVersionTooLow => Client(426, "DPE", "low_version", ""),
        FailureReason.MissingHost => Client(400, "", "missing_host_header", ""),
        FailureReason.BadPath => Client(400, "", "path_normalization_failed", ""),
        FailureReason.UnderscoreHeader => Client(400, "", "unexpected_underscore", ""),
        FailureReason.HeadersTooLarge => Client(431, "DPE", "http1.headers_too_large", ""),
        FailureReason.BadRequest => Client(400, "DPE", "http1.codec_error", ""),
        FailureReason.AccessDenied => Client(403, "", "rbac_access_denied_matched_policy[none]", "RBAC: access denied"),
        // Status, details and body say what is wrong with the token.
        FailureReason.TokenRefused => Client(401, "", "jwt_authn_access_denied", ""),
        // Status, headers and body are the service's.
        FailureReason.AuthorizerDenied => Client(403, "UAEX", "ext_authz_denied", ""),
        FailureReason.AuthorizerFailed => Local(403, "UAEX", "ext_authz_error", ""),
        FailureReason.AuthorizerInvalid => Local(500, "", "ext_authz_invalid", ""),
        FailureReason.BodyTooLarge => Client(413, "", "request_payload_too_large", "Payload Too Large"),
        // The status is the configured one.
        FailureReason.FaultInjected => Local(503, "FI", "fault_filter_abort", FaultInjection.AbortBody),
        FailureReason.ClientGone => Client(0, "DC", "downstream_remote_disconnect", ""),
        FailureReason.ResponseCutShort => new(0, "UC", "upstream_reset_after_response_started{connection_termination}", "", "connection termination", false),
        FailureReason.Internal => Local(500, "", "internal_error", ""),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "The failure has no row."),
    };

    private static FailureRow Local(int status, string flag, string details, string body, string mark = "") => new(status, flag, details, body, "", false) { Mark = mark };

    private static FailureRow Client(int status, string flag, string details, string body) => new(status, flag, details, body, "", true);

    private static FailureRow Reset(ResetReason reset)
    {
        var (status, flag, text) = UpstreamResets.Of(reset);
        return new(status, flag, UpstreamResets.Details(reset, null), UpstreamResets.Body(reset, afterRetry: false, null), text, false) { Reset = reset };
    }
}
