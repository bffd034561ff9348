using Waypoint.Model.FilterChains;
using Waypoint.Model.Headers;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>One route (<c>envoy.config.route.v3.Route</c>) with what it inherits from its virtual host filled in. Immutable.</summary>
public sealed class Route
{
    /// <summary><c>name</c>; empty if it has none (<c>%ROUTE_NAME%</c>).</summary>
    public string Name { get; init; } = "";

    /// <summary><c>match</c>.</summary>
    public required RouteCondition Condition { get; init; }

    /// <summary>What happens to the request.</summary>
    public required RouteAction Action { get; init; }

    /// <summary><c>metadata.filter_metadata.istio.config</c>: the path of the Istio resource it comes from; null if absent.</summary>
    public string? IstioConfig { get; init; }

    /// <summary><c>metadata.filter_metadata</c>.</summary>
    public IMetadataView Metadata { get; init; } = FixedMetadata.None;

    /// <summary><c>decorator.operation</c>: the span's name; null if absent.</summary>
    public string? DecoratorOperation { get; init; }

    /// <summary><c>request_headers_to_add</c> and <c>_remove</c>.</summary>
    public HeaderEdits RequestHeaders { get; init; } = HeaderEdits.None;

    /// <summary><c>response_headers_to_add</c> and <c>_remove</c>.</summary>
    public HeaderEdits ResponseHeaders { get; init; } = HeaderEdits.None;

    /// <summary><c>route.retry_policy</c>, or the virtual host's; null: no retries.</summary>
    public RetryPolicyConfig? RetryPolicy { get; init; }

    /// <summary><c>typed_per_filter_config</c> of route, virtual host and table by filter name, the most specific for each filter.</summary>
    public IReadOnlyDictionary<string, HttpFilterRouteConfig> FilterConfigs { get; init; } = HttpFilterRouteConfig.NoConfigs;

    /// <summary><c>request_body_buffer_limit</c> or <c>per_request_buffer_limit_bytes</c>, the route's or the virtual host's, in bytes; null: the listener's.</summary>
    public ulong? BodyBufferLimit { get; init; }

    /// <summary><c>stat_prefix</c>; empty if absent.</summary>
    public string StatPrefix { get; init; } = "";
}
