using Waypoint.Model.Endpoints;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Hashing;
using Waypoint.Model.LoadBalancing;
using Waypoint.Model.Outliers;

namespace Waypoint.Model.Clusters;

/// <summary>One upstream cluster (<c>envoy.config.cluster.v3.Cluster</c>). Immutable; kept by reference from one snapshot to the next as long as its bytes stay the same.</summary>
public sealed record ClusterConfig
{
    /// <summary><c>name</c>, such as <c>inbound-vip|80|http|reviews.shop.svc.cluster.local</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Hash of the serialised bytes.</summary>
    public required ContentHash ContentHash { get; init; }

    /// <summary><c>type</c>.</summary>
    public required ClusterDiscovery Discovery { get; init; }

    /// <summary><c>eds_cluster_config.service_name</c>, or the cluster's name.</summary>
    public required string EdsServiceName { get; init; }

    /// <summary><c>load_assignment</c> of STATIC clusters; empty where the client or the request names the destination; null where endpoints come by EDS or DNS.</summary>
    public ClusterEndpoints? InlineEndpoints { get; init; }

    /// <summary><c>load_assignment</c> of DNS clusters, with host names as they stand there; null for all others.</summary>
    public ClusterEndpoints? NamedEndpoints { get; init; }

    /// <summary>How <see cref="NamedEndpoints"/> are resolved; null for all others.</summary>
    public DnsSettings? Dns { get; init; }

    /// <summary>How the hosts of requests are resolved; null unless <see cref="Discovery"/> is <see cref="ClusterDiscovery.DynamicForwardProxy"/>.</summary>
    public DynamicForwardSettings? DynamicForward { get; init; }

    /// <summary><c>lb_policy</c>.</summary>
    public LoadBalancingPolicy LoadBalancing { get; init; } = LoadBalancingPolicy.RoundRobin;

    /// <summary><c>least_request_lb_config.choice_count</c>; default 2, at least 2.</summary>
    public uint LeastRequestChoiceCount { get; init; } = 2;

    /// <summary><c>least_request_lb_config.active_request_bias</c>: how much requests under way count against an endpoint of higher weight; default 1; 0: weights alone decide.</summary>
    public double ActiveRequestBias { get; init; } = 1;

    /// <summary>Ring and table of the policies by hash.</summary>
    public ConsistentHashConfig Hashing { get; init; } = ConsistentHashConfig.Default;

    /// <summary><c>lb_subset_config</c>; null: none.</summary>
    public SubsetConfig? Subsets { get; init; }

    /// <summary><c>slow_start_config</c> of round robin or least request; null: new endpoints get their share at once.</summary>
    public SlowStartConfig? SlowStart { get; init; }

    /// <summary><c>connect_timeout</c> for endpoints on plain sockets; default 5 s (Envoy), istiod sends 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Which HTTP version the endpoints get (<c>HttpProtocolOptions.upstream_protocol_options</c>).</summary>
    public UpstreamHttpVersion HttpVersion { get; init; } = UpstreamHttpVersion.Http11;

    /// <summary><c>common_http_protocol_options.idle_timeout</c> of pooled upstream connections; default 1 h.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>common_http_protocol_options.max_requests_per_connection</c>; 0: unlimited.</summary>
    public uint MaxRequestsPerConnection { get; init; }

    /// <summary>Everything else about single connections.</summary>
    public ConnectionSettings Connections { get; init; } = ConnectionSettings.Default;

    /// <summary>How HTTP/1 responses are read.</summary>
    public Http1Config Http1 { get; init; } = Http1Config.UpstreamDefault;

    /// <summary>Header case of HTTP/1.1 requests is kept (<c>http_protocol_options.header_key_format</c>).</summary>
    public bool PreserveHeaderCase { get; init; }

    /// <summary><c>common_lb_config.healthy_panic_threshold</c> in percent; istiod always sends 0: never pick an unhealthy host.</summary>
    public double PanicThresholdPercent { get; init; } = 50;

    /// <summary><c>common_lb_config.locality_weighted_lb_config</c> is present.</summary>
    public bool LocalityWeighted { get; init; }

    /// <summary><c>circuit_breakers.thresholds</c> of priority DEFAULT; absent: Envoy's defaults (1024 each, 3 retries).</summary>
    public CircuitBreakerLimits CircuitBreakers { get; init; } = CircuitBreakerLimits.EnvoyDefaults;

    /// <summary><c>circuit_breakers.thresholds</c> of priority HIGH, for routes of that priority.</summary>
    public CircuitBreakerLimits HighPriorityCircuitBreakers { get; init; } = CircuitBreakerLimits.EnvoyDefaults;

    /// <summary><c>outlier_detection</c>; null: endpoints are never taken out for what they answer.</summary>
    public OutlierDetectionConfig? OutlierDetection { get; init; }

    /// <summary>First entry of <c>metadata.filter_metadata.istio.services</c>, for telemetry; null if absent.</summary>
    public ClusterService? Service { get; init; }

    /// <summary>How to reach an endpoint, chosen by its <c>envoy.transport_socket_match</c> labels; the last entry without labels is the default. Never empty.</summary>
    public IReadOnlyList<TransportSocketChoice> TransportSockets { get; init; } = [TransportSocketChoice.Plain];
}
