using Waypoint.Model.Endpoints;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Headers;

namespace Waypoint.Model.Routes;

/// <summary>One of several destinations of a route (<c>envoy.config.route.v3.WeightedCluster.ClusterWeight</c>). Immutable.</summary>
public sealed class WeightedCluster
{
    /// <summary><c>name</c>; empty if <see cref="ClusterHeader"/> is set.</summary>
    public required string Name { get; init; }

    /// <summary><c>cluster_header</c>: the header that names the cluster, lower case; null if <see cref="Name"/> does.</summary>
    public string? ClusterHeader { get; init; }

    /// <summary><c>weight</c>, relative to the sum of all entries.</summary>
    public required uint Weight { get; init; }

    /// <summary>The runtime key that overrides the weight: the list's prefix, a dot and the name; null if the list has no <c>runtime_key_prefix</c>.</summary>
    public string? RuntimeKey { get; init; }

    /// <summary><c>host_rewrite_literal</c>; a host rewrite of the route comes later and wins; null: none.</summary>
    public string? HostRewriteLiteral { get; init; }

    /// <summary><c>request_headers_to_add</c> and <c>_remove</c>, applied before the route's.</summary>
    public HeaderEdits RequestHeaders { get; init; } = HeaderEdits.None;

    /// <summary><c>response_headers_to_add</c> and <c>_remove</c>, applied before the route's.</summary>
    public HeaderEdits ResponseHeaders { get; init; } = HeaderEdits.None;

    /// <summary><c>metadata_match</c> of <c>envoy.lb</c>, the route's included: which subset of the cluster.</summary>
    public SubsetLabels SubsetLabels { get; init; } = SubsetLabels.None;

    /// <summary><c>typed_per_filter_config</c> by filter name, beats the route's.</summary>
    public IReadOnlyDictionary<string, HttpFilterRouteConfig> FilterConfigs { get; init; } = HttpFilterRouteConfig.NoConfigs;
}
