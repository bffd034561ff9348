namespace Waypoint.Model.Failures;

/// <summary>Envoy's words for why an answer is what it is (RESPONSE_CODE_DETAILS).</summary>
public static class ResponseDetails
{
    /// <summary>The answer is the upstream's.</summary>
    public const string ViaUpstream = "via_upstream";

    /// <summary>A body is larger than a filter buffers.</summary>
    public const string RequestPayloadTooLarge = "request_payload_too_large";

    /// <summary>A response body is larger than a filter buffers.</summary>
    public const string ResponsePayloadTooLarge = "response_payload_too_large";

    /// <summary>Too much of a body came while a retry waited.</summary>
    public const string RequestPayloadExceededRetryBufferLimit = "request_payload_exceeded_retry_buffer_limit";

    /// <summary>Nothing moved for too long.</summary>
    public const string StreamIdleTimeout = "stream_idle_timeout";

    /// <summary>The stream was open too long.</summary>
    public const string MaxDurationTimeout = "max_duration_timeout";

    /// <summary>The request took too long to arrive.</summary>
    public const string RequestOverallTimeout = "request_overall_timeout";

    /// <summary>The request's headers took too long to arrive.</summary>
    public const string RequestHeaderTimeout = "request_header_timeout";

    /// <summary>Too much load.</summary>
    public const string Overload = "overload";

    /// <summary>HTTP/1.0 where it is not enabled.</summary>
    public const string LowVersion = "low_version";

    /// <summary>Neither host nor :authority.</summary>
    public const string MissingHost = "missing_host_header";

    /// <summary>A control header is malformed.</summary>
    public const string InvalidEnvoyRequestHeaders = "request_headers_failed_strict_check";

    /// <summary>No :path.</summary>
    public const string MissingPath = "missing_path_rejected";

    /// <summary>A :path that is none.</summary>
    public const string InvalidPath = "invalid_path";

    /// <summary>A path in absolute form.</summary>
    public const string AbsolutePath = "absolute_path_rejected";

    /// <summary>A path that cannot be normalised.</summary>
    public const string PathNormalizationFailed = "path_normalization_failed";

    /// <summary>An upgrade that is not allowed.</summary>
    public const string UpgradeFailed = "upgrade_failed";

    /// <summary>An upgrade that the upstream did not confirm.</summary>
    public const string WebsocketHandshakeUnsuccessful = "websocket_handshake_unsuccessful";

    /// <summary>No route table.</summary>
    public const string RouteConfigurationNotFound = "route_configuration_not_found";

    /// <summary>No route fits.</summary>
    public const string RouteNotFound = "route_not_found";

    /// <summary>The route answers itself.</summary>
    public const string DirectResponse = "direct_response";

    /// <summary>The route's cluster does not exist.</summary>
    public const string ClusterNotFound = "cluster_not_found";

    /// <summary>The cluster is under maintenance.</summary>
    public const string MaintenanceMode = "maintenance_mode";

    /// <summary>A share of the load is dropped.</summary>
    public const string DropOverload = "drop_overload";

    /// <summary>All load is dropped.</summary>
    public const string UnconditionalDropOverload = "unconditional_drop_overload";

    /// <summary>No host may be picked.</summary>
    public const string NoHealthyUpstream = "no_healthy_upstream";

    /// <summary>The upstream did not answer in time.</summary>
    public const string ResponseTimeout = "response_timeout";

    /// <summary>The last try ran out of its time.</summary>
    public const string UpstreamPerTryTimeout = "upstream_per_try_timeout";

    /// <summary>Nothing moved in the last try for too long.</summary>
    public const string UpstreamPerTryIdleTimeout = "upstream_per_try_idle_timeout";

    /// <summary>The stream to the upstream was open too long.</summary>
    public const string UpstreamMaxStreamDurationReached = "upstream_max_stream_duration_reached";

    /// <summary>The upstream ended before it answered; braces with the reason follow.</summary>
    public const string EarlyUpstreamReset = "upstream_reset_before_response_started";

    /// <summary>The upstream ended within its answer; braces with the reason follow.</summary>
    public const string LateUpstreamReset = "upstream_reset_after_response_started";

    /// <summary>Nothing serves the destination.</summary>
    public const string FilterChainNotFound = "filter_chain_not_found";

    /// <summary>The client went away.</summary>
    public const string DownstreamRemoteDisconnect = "downstream_remote_disconnect";

    /// <summary>We closed the client's connection; the reason follows in parentheses.</summary>
    public const string DownstreamLocalDisconnect = "downstream_local_disconnect";

    /// <summary>The client reset the stream.</summary>
    public const string DownstreamRemoteReset = "downstream_remote_reset";

    /// <summary>The connection lasted too long.</summary>
    public const string DurationTimeout = "duration_timeout";

    /// <summary>The client's headers took too long.</summary>
    public const string DownstreamHeaderTimeout = "downstream_header_timeout";

    /// <summary>The admin page answered.</summary>
    public const string AdminFilterResponse = "admin_filter_response";

    /// <summary>The proxy followed a redirect itself.</summary>
    public const string InternalRedirect = "internal_redirect";

    /// <summary>A filter took away what a request needs.</summary>
    public const string FilterRemovedRequiredRequestHeaders = "filter_removed_required_request_headers";

    /// <summary>A filter took away what a response needs.</summary>
    public const string FilterRemovedRequiredResponseHeaders = "filter_removed_required_response_headers";

    /// <summary>The client's address could not be found.</summary>
    public const string OriginalIPDetectionFailed = "rejecting_because_detection_failed";

    /// <summary>A filter added a body at the wrong time.</summary>
    public const string FilterAddedInvalidRequestData = "filter_added_invalid_request_data";

    /// <summary>A filter added a response body at the wrong time.</summary>
    public const string FilterAddedInvalidResponseData = "filter_added_invalid_response_data";
}
