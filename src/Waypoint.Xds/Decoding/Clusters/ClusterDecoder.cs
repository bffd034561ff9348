using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Hashing;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Xds.Decoding.Endpoints;
using ConfigSource = Waypoint.Protos.Envoy.Config.Core.V3.ConfigSource;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary><c>envoy.config.cluster.v3.Cluster</c> to <see cref="ClusterConfig"/>.</summary>
internal static class ClusterDecoder
{
    private const double DefaultPanicPercent = 50;
    private const string NotYet = "it is not implemented";
    private static readonly TimeSpan EnvoyConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Cluster filters that only exchange telemetry data over Envoy's own protocols.</summary>
    private static readonly string[] TelemetryFilters = ["envoy.tcp.metadataexchange.config.MetadataExchange", "envoy.extensions.network_filters.peer_metadata.UpstreamConfig"];

    /// <summary>Decodes a cluster; problems are added to <paramref name="context"/>, and then the result must not be used.</summary>
    public static ClusterConfig Decode(Cluster message, ContentHash contentHash, DecodeContext context)
    {
        ClusterDiscovery discovery = Discovery(message, context);
        RefuseWhatRoutesElsewhere(message, context);
        ListIgnored(message, context);
        HttpOptions http = HttpOptionsDecoder.Decode(message, context);
        return new ClusterConfig
        {
            Name = SharedText.Of(message.Name),
            ContentHash = contentHash,
            Discovery = discovery,
            EdsServiceName = SharedText.Of(message.EdsClusterConfig is { ServiceName.Length: > 0 } eds ? eds.ServiceName : message.Name),
            InlineEndpoints = Inline(message, discovery, context),
            NamedEndpoints = IsDns(discovery) ? Named(message, discovery, context) : null,
            Dns = IsDns(discovery) ? DnsDecoder.Settings(message, context) : null,
            DynamicForward = discovery == ClusterDiscovery.DynamicForwardProxy ? DnsDecoder.DynamicForward(message, context) : null,
            LoadBalancing = LoadBalancingDecoder.Policy(message, context),
            LeastRequestChoiceCount = context.ReadNumber(message.LeastRequestLbConfig?.ChoiceCount, "least_request_lb_config.choice_count", 2, 2, uint.MaxValue),
            ActiveRequestBias = LoadBalancingDecoder.ActiveRequestBias(message, context),
            Hashing = LoadBalancingDecoder.Hashing(message, context),
            Subsets = SubsetDecoder.Decode(message, context),
            SlowStart = LoadBalancingDecoder.SlowStart(message, context),
            ConnectTimeout = context.ReadTimeLimit(message.ConnectTimeout, "connect_timeout", EnvoyConnectTimeout),
            HttpVersion = http.Version,
            IdleTimeout = http.IdleTimeout,
            Http1 = SharedValue.Of(http.Http1 ?? Http1Config.UpstreamDefault),
            MaxRequestsPerConnection = http.MaxRequestsPerConnection,
            PreserveHeaderCase = http.PreserveHeaderCase,
            Connections = SharedValue.Of(ConnectionSettingsDecoder.Decode(message, http, context)),
            PanicThresholdPercent = message.CommonLbConfig?.HealthyPanicThreshold?.Value ?? DefaultPanicPercent,
            LocalityWeighted = message.CommonLbConfig?.LocalityWeightedLbConfig is not null,
            CircuitBreakers = SharedValue.Of(CircuitBreakerDecoder.Limits(message, RoutingPriority.Default, context)),
            HighPriorityCircuitBreakers = SharedValue.Of(CircuitBreakerDecoder.Limits(message, RoutingPriority.High, context)),
            OutlierDetection = message.OutlierDetection is { } outliers ? OutlierDetectionDecoder.Decode(outliers, context) : null,
            Service = ServiceMetadata.Read(message.Metadata),
            TransportSockets = TransportSocketDecoder.Decode(message, context),
        };
    }

    private static ClusterDiscovery Discovery(Cluster message, DecodeContext context)
    {
        if (message.ClusterDiscoveryTypeCase == Cluster.ClusterDiscoveryTypeOneofCase.ClusterType)
        {
            if (message.ClusterType.Name != "envoy.clusters.dynamic_forward_proxy")
                context.RefuseValue("cluster_type.name", $"'{message.ClusterType.Name}'", "envoy.clusters.dynamic_forward_proxy");
            return ClusterDiscovery.DynamicForwardProxy;
        }

        switch (message.Type)
        {
            case Cluster.Types.DiscoveryType.Static:
                return ClusterDiscovery.Static;
            case Cluster.Types.DiscoveryType.StrictDns:
                return ClusterDiscovery.StrictDns;
            case Cluster.Types.DiscoveryType.LogicalDns:
                return ClusterDiscovery.LogicalDns;
            case Cluster.Types.DiscoveryType.OriginalDst:
                return ClusterDiscovery.OriginalDestination;
            case Cluster.Types.DiscoveryType.Eds:
                if (message.EdsClusterConfig?.EdsConfig?.ConfigSourceSpecifierCase != ConfigSource.ConfigSourceSpecifierOneofCase.Ads)
                    context.RefuseValue("eds_cluster_config.eds_config", message.EdsClusterConfig?.EdsConfig?.ConfigSourceSpecifierCase.ToString() ?? "absent", "ads");
                return ClusterDiscovery.Eds;
            default:
                context.RefuseValue("type", ((int)message.Type).ToString(null, null), "0 to 4");
                return ClusterDiscovery.Static;
        }
    }

    /// <summary>Fields that would send a request somewhere else than the fields read here say.</summary>
    private static void RefuseWhatRoutesElsewhere(Cluster message, DecodeContext context)
    {
        if (message.OriginalDstLbConfig is { UseHttpHeader: true })
            context.RefuseValue("original_dst_lb_config.use_http_header", "true", "false: a client must not name the address");
        if (message.OriginalDstLbConfig?.MetadataKey is { } key && message.Name != FixedNames.ConnectOriginate)
            context.RefuseValue("original_dst_lb_config.metadata_key", $"'{key.Key}'", $"absent, except on {FixedNames.ConnectOriginate}");
        if (message.LoadBalancingPolicy is { } extension)
        {
            string policies = string.Join("', '", extension.Policies.Select(static policy => TypedStructs.NameOf(policy.TypedExtensionConfig?.TypedConfig)));
            context.RefuseValue("load_balancing_policy", $"'{policies}'", "absent; lb_policy decides");
        }

        if (message.UpstreamConfig is not null)
            context.RefuseValue("upstream_config", $"'{message.UpstreamConfig.Name}'", "absent");
        if (message.UpstreamBindConfig is not null)
            context.RefuseValue("upstream_bind_config", "set", "absent");
        foreach (Protos.Envoy.Config.Cluster.V3.Filter filter in message.Filters)
        {
            string type = TypedStructs.NameOf(filter.TypedConfig);
            if (filter.ConfigDiscovery is not null || !TelemetryFilters.Contains(type))
                context.RefuseValue($"filters '{filter.Name}'", $"of type '{type}'", string.Join(" or ", TelemetryFilters));
        }
    }

    private static void ListIgnored(Cluster message, DecodeContext context)
    {
        if (message.HealthChecks.Count > 0)
            context.Ignore("health_checks", "istiod never sends them to a waypoint: EDS and outlier detection say who is healthy");
        if (message.CommonLbConfig?.ZoneAwareLbConfig is not null)
            context.Ignore("common_lb_config.zone_aware_lb_config", "it needs a local cluster, which a waypoint has not");
        if (message.UpstreamConnectionOptions is { HappyEyeballsConfig: not null })
            context.Ignore("upstream_connection_options.happy_eyeballs_config", "addresses are tried in the order they were sent");
        if (message.PreconnectPolicy is not null)
            context.Ignore("preconnect_policy", NotYet);
        if (message.LrsServer is not null)
            context.Ignore("lrs_server", NotYet);
    }

    /// <summary>LOGICAL_DNS is one host by definition.</summary>
    private static ClusterEndpoints Named(Cluster message, ClusterDiscovery discovery, DecodeContext context)
    {
        ClusterEndpoints named = Assignment(message, context);
        if (discovery == ClusterDiscovery.LogicalDns && named.Localities is not [{ Endpoints.Count: 1 }])
            context.RefuseValue("load_assignment", "of several hosts or none", "one host for LOGICAL_DNS");
        return named;
    }

    private static bool IsDns(ClusterDiscovery discovery) => discovery is ClusterDiscovery.StrictDns or ClusterDiscovery.LogicalDns;

    /// <summary>Endpoints that need neither EDS nor DNS; a cluster that takes them from the client or the request has none of its own.</summary>
    private static ClusterEndpoints? Inline(Cluster message, ClusterDiscovery discovery, DecodeContext context) => discovery switch
    {
        ClusterDiscovery.Static => Assignment(message, context),
        ClusterDiscovery.OriginalDestination or ClusterDiscovery.DynamicForwardProxy => ClusterEndpoints.Empty,
        _ => null,
    };

    private static ClusterEndpoints Assignment(Cluster message, DecodeContext context) =>
        message.LoadAssignment is { } assignment ? LoadAssignmentDecoder.Decode(assignment, context) : ClusterEndpoints.Empty;
}
