using Waypoint.Model.Filters.Fault;

namespace Waypoint.Model.Failures;

/// <summary>The one place that maps a <see cref="FailureReason"/> to status, flag, details and body, as Envoy words them.</summary>
public static class FailureTable
{
    private const string ResetPrefix = "upstream connect error or disconnect/reset before headers. reset reason: ";

    private static readonly FailureRow[] Rows = BuildRows();

    /// <summary>The row of <paramref name="reason"/>.</summary>
    public static FailureRow Of(FailureReason reason) => Rows[(int)reason];

    /// <summary>gRPC status for a local reply with an HTTP status (gRPC's mapping of HTTP status codes).</summary>
    public static int GrpcStatusOf(int httpStatus) => httpStatus switch
    {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 or 502 or 503 or 504 => 14,
        _ => 2,
    };

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
        FailureReason.ConnectFailure => Reset(503, "UF", "remote connection failure"),
        FailureReason.ConnectTimeout => Reset(503, "UF", "connection timeout"),
        FailureReason.TunnelRefused => Reset(503, "UC", "connection termination"),
        FailureReason.UpstreamClosed => Reset(503, "UC", "connection termination"),
        FailureReason.UpstreamReset => Reset(503, "UR", "remote reset"),
        FailureReason.UpstreamRefusedStream => Reset(503, "UR", "remote refused stream reset"),
        FailureReason.UpstreamProtocolError => Reset(502, "UPE", "protocol error"),
        FailureReason.Overflow => Reset(503, "UO", "overflow"),
        FailureReason.RouteTimeout => Local(504, "UT", "response_timeout", "upstream request timeout"),
        FailureReason.PerTryTimeout => Local(504, "UT", "upstream_per_try_timeout", "upstream request timeout"),
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

    private static FailureRow Local(int status, string flag, string details, string body) => new(status, flag, details, body, "", false);

    private static FailureRow Client(int status, string flag, string details, string body) => new(status, flag, details, body, "", true);

    private static FailureRow Reset(int status, string flag, string resetReason) => new(
        status, flag, "upstream_reset_before_response_started{" + resetReason.Replace(' ', '_') + "}", ResetPrefix + resetReason, resetReason, false);
}
