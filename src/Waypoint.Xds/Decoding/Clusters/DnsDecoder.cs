using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Extensions.Common.DynamicForwardProxy.V3;
using DnsLookupFamily = Waypoint.Model.Clusters.DnsLookupFamily;
using ForwardClusterConfig = Waypoint.Protos.Envoy.Extensions.Clusters.DynamicForwardProxy.V3.ClusterConfig;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary>How names are resolved: of DNS clusters, and of those that take the name from the request.</summary>
internal static class DnsDecoder
{
    private const string OwnResolver = "names are asked of the servers that the container's resolv.conf or the option names";

    /// <summary>The settings of a STRICT_DNS or LOGICAL_DNS cluster.</summary>
    public static DnsSettings Settings(Cluster message, DecodeContext context)
    {
        if (message.DnsResolvers.Count > 0 || message.DnsResolutionConfig is { Resolvers.Count: > 0 })
            context.RefuseValue("dns_resolvers", "set", "absent; " + OwnResolver);
        if (message.TypedDnsResolverConfig is not null)
            context.Ignore("typed_dns_resolver_config", OwnResolver);
        if (message.UseTcpForDnsLookups)
            context.Ignore("use_tcp_for_dns_lookups", "TCP is used when an answer does not fit into a datagram");
        var defaults = new DnsSettings();
        return new DnsSettings
        {
            Family = Family(message.DnsLookupFamily, "dns_lookup_family", context),
            RefreshRate = context.ReadDuration(message.DnsRefreshRate, "dns_refresh_rate", defaults.RefreshRate),
            RespectTtl = message.RespectDnsTtl,
            Jitter = context.ReadDuration(message.DnsJitter, "dns_jitter", TimeSpan.Zero),
            FailureBase = DurationDecoder.Decode(message.DnsFailureRefreshRate?.BaseInterval, "dns_failure_refresh_rate.base_interval", context),
            FailureMax = DurationDecoder.Decode(message.DnsFailureRefreshRate?.MaxInterval, "dns_failure_refresh_rate.max_interval", context),
        };
    }

    /// <summary>The cache of an <c>envoy.clusters.dynamic_forward_proxy</c> cluster.</summary>
    public static DynamicForwardSettings? DynamicForward(Cluster message, DecodeContext context)
    {
        using DecodeScope scope = context.Field("cluster_type");
        if (!context.TryRead(message.ClusterType.TypedConfig, "typed_config", out ForwardClusterConfig? config))
            return null;
        if (config.DnsCacheConfig is not { } cache)
        {
            context.RefuseValue("typed_config", config.ClusterImplementationSpecifierCase.ToString(), "dns_cache_config");
            return null;
        }

        if (config.AllowCoalescedConnections)
            context.Ignore("typed_config.allow_coalesced_connections", "every host has connections of its own");
        using DecodeScope inner = context.Field("typed_config.dns_cache_config");
        return Cache(cache, context);
    }

    private static DynamicForwardSettings Cache(DnsCacheConfig message, DecodeContext context)
    {
        if (message.DnsResolutionConfig is { Resolvers.Count: > 0 })
            context.RefuseValue("dns_resolution_config", "set", "absent; " + OwnResolver);
        if (message.KeyValueConfig is not null)
            context.Ignore("key_value_config", "names are not kept over a restart");
        if (message.PreresolveHostnames.Count > 0)
            context.Ignore("preresolve_hostnames", "names are resolved when they are asked for");
        var defaults = new DynamicForwardSettings();
        return new DynamicForwardSettings
        {
            Dns = defaults.Dns with
            {
                Family = Family(message.DnsLookupFamily, "dns_lookup_family", context),
                RefreshRate = context.ReadDuration(message.DnsRefreshRate, "dns_refresh_rate", defaults.Dns.RefreshRate),
                FailureBase = DurationDecoder.Decode(message.DnsFailureRefreshRate?.BaseInterval, "dns_failure_refresh_rate.base_interval", context),
                FailureMax = DurationDecoder.Decode(message.DnsFailureRefreshRate?.MaxInterval, "dns_failure_refresh_rate.max_interval", context),
                // Envoy's cache follows the TTL of the answers.
                RespectTtl = true,
            },
            HostTtl = context.ReadDuration(message.HostTtl, "host_ttl", defaults.HostTtl),
            MaxHosts = (int)context.ReadNumber(message.MaxHosts, "max_hosts", (uint)defaults.MaxHosts, 1, 65_536),
            QueryTimeout = context.ReadTimeLimit(message.DnsQueryTimeout, "dns_query_timeout", defaults.QueryTimeout),
            MaxPendingRequests = (int)context.ReadNumber(
                message.DnsCacheCircuitBreaker?.MaxPendingRequests, "dns_cache_circuit_breaker.max_pending_requests", (uint)defaults.MaxPendingRequests, 0, 1_000_000),
        };
    }

    private static DnsLookupFamily Family(Cluster.Types.DnsLookupFamily family, string field, DecodeContext context)
    {
        switch (family)
        {
            case Cluster.Types.DnsLookupFamily.Auto:
                return DnsLookupFamily.Auto;
            case Cluster.Types.DnsLookupFamily.V4Only:
                return DnsLookupFamily.V4Only;
            case Cluster.Types.DnsLookupFamily.V6Only:
                return DnsLookupFamily.V6Only;
            case Cluster.Types.DnsLookupFamily.V4Preferred:
                return DnsLookupFamily.V4Preferred;
            case Cluster.Types.DnsLookupFamily.All:
                return DnsLookupFamily.All;
            default:
                context.RefuseValue(field, ((int)family).ToString(null, null), "AUTO, V4_ONLY, V6_ONLY, V4_PREFERRED or ALL");
                return DnsLookupFamily.Auto;
        }
    }
}
