using Waypoint.Model.Endpoints;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>The request goes to a cluster (<c>envoy.config.route.v3.RouteAction</c>). Immutable.</summary>
public sealed class ForwardAction : RouteAction
{
    /// <summary>Timeout of a route that has none of its own.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Which cluster.</summary>
    public required ClusterSelector Clusters { get; init; }

    /// <summary><c>cluster_not_found_response_code</c>: 503 (default), 404 or 500, when the chosen cluster does not exist.</summary>
    public int ClusterNotFoundStatus { get; init; } = 503;

    /// <summary><c>prefix_rewrite</c>, <c>regex_rewrite</c> or <c>path_rewrite_policy</c>; null: the path stays.</summary>
    public PathRewrite? PathRewrite { get; init; }

    /// <summary><c>host_rewrite_specifier</c>; null: the authority stays.</summary>
    public HostRewrite? HostRewrite { get; init; }

    /// <summary><c>append_x_forwarded_host</c>: a rewritten authority leaves its old value there.</summary>
    public bool AppendForwardedHost { get; init; }

    /// <summary><c>timeout</c> for the whole request with its retries. Null: absent, Envoy's default of 15 s; zero: none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary><see cref="Timeout"/> with the default filled in; zero: none.</summary>
    public TimeSpan EffectiveTimeout => Timeout ?? DefaultTimeout;

    /// <summary><c>max_grpc_timeout</c>: cap of the request's <c>grpc-timeout</c>. Null: the header is not honoured; zero: honoured without cap.</summary>
    public TimeSpan? MaxGrpcTimeout { get; init; }

    /// <summary><c>grpc_timeout_offset</c>, taken off the header's value; null: nothing.</summary>
    public TimeSpan? GrpcTimeoutOffset { get; init; }

    /// <summary><c>idle_timeout</c> of the stream, beats the connection manager's. Null: absent; zero: none.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary><c>max_stream_duration</c>; null: absent.</summary>
    public StreamDurationLimits? MaxStreamDuration { get; init; }

    /// <summary><c>hash_policy</c> in order.</summary>
    public IReadOnlyList<HashPolicy> HashPolicies { get; init; } = [];

    /// <summary><c>metadata_match</c> of <c>envoy.lb</c>: which subset of the cluster; none by default.</summary>
    public SubsetLabels SubsetLabels { get; init; } = SubsetLabels.None;

    /// <summary><c>request_mirror_policies</c> that apply (the route's, else the virtual host's, else the table's).</summary>
    public IReadOnlyList<MirrorPolicy> Mirrors { get; init; } = [];

    /// <summary><c>upgrade_configs</c>.</summary>
    public IReadOnlyList<UpgradeConfig> Upgrades { get; init; } = [];

    /// <summary><c>priority</c> is HIGH: the cluster's circuit breakers of that priority count.</summary>
    public bool HighPriority { get; init; }

    /// <summary>Chooses the cluster for one request. Pure; does not allocate.</summary>
    /// <param name="random">A number drawn for the request.</param>
    /// <param name="headers">Its headers, before the route's edits.</param>
    /// <param name="runtime">Runtime overrides of weights; null: none.</param>
    public ClusterChoice SelectCluster<THeaders>(ulong random, in THeaders headers, RuntimeValues? runtime = null)
        where THeaders : struct, IHeaderView => Clusters.Select(random, headers, runtime);
}
