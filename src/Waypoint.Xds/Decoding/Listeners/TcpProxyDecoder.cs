using System.Globalization;
using Waypoint.Model.FilterChains;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Waypoint.Protos.Envoy.Type.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary><c>envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy</c> to <see cref="TcpProxyConfig"/>.</summary>
internal static class TcpProxyDecoder
{
    private static readonly TimeSpan EnvoyIdleTimeout = TimeSpan.FromHours(1);

    public static TcpProxyConfig Decode(TcpProxy message, DecodeContext context)
    {
        if (message.TunnelingConfig is not null)
            context.RefuseValue("tunneling_config", $"'{message.TunnelingConfig.Hostname}'", "absent; tunnels through another proxy are not implemented");
        if (message.OnDemand is not null)
            context.RefuseValue("on_demand", "set", "absent");
        if (message.MetadataMatch is not null)
            context.RefuseValue("metadata_match", "set", "absent");

        List<WeightedTcpCluster> clusters = Clusters(message, context);
        ulong total = 0;
        foreach (WeightedTcpCluster cluster in clusters)
            total += cluster.Weight;
        return new TcpProxyConfig
        {
            Clusters = clusters,
            TotalWeight = total,
            IdleTimeout = context.ReadDuration(message.IdleTimeout, "idle_timeout", EnvoyIdleTimeout),
            MaxConnectionDuration = context.ReadDuration(message.MaxDownstreamConnectionDuration, "max_downstream_connection_duration", TimeSpan.Zero),
            HashSourceIp = HashSourceIp(message, context),
            AccessLogEnabled = message.AccessLog.Count > 0,
            StatPrefix = message.StatPrefix,
        };
    }

    private static List<WeightedTcpCluster> Clusters(TcpProxy message, DecodeContext context)
    {
        var clusters = new List<WeightedTcpCluster>();
        switch (message.ClusterSpecifierCase)
        {
            case TcpProxy.ClusterSpecifierOneofCase.Cluster:
                clusters.Add(new WeightedTcpCluster(message.Cluster, 1));
                break;
            case TcpProxy.ClusterSpecifierOneofCase.WeightedClusters:
                foreach (TcpProxy.Types.WeightedCluster.Types.ClusterWeight sent in message.WeightedClusters.Clusters)
                {
                    if (sent.Weight == 0)
                        context.RefuseValue("weighted_clusters.clusters.weight", "0", $"1-{uint.MaxValue.ToString(CultureInfo.InvariantCulture)}");
                    if (sent.MetadataMatch is not null)
                        context.RefuseValue("weighted_clusters.clusters.metadata_match", "set", "absent");
                    clusters.Add(new WeightedTcpCluster(sent.Name, sent.Weight));
                }

                break;
            default:
                break;
        }

        if (clusters.Count == 0)
            context.RefuseValue("cluster_specifier", message.ClusterSpecifierCase.ToString(), "cluster or weighted_clusters");
        return clusters;
    }

    private static bool HashSourceIp(TcpProxy message, DecodeContext context)
    {
        bool sourceIp = false;
        foreach (HashPolicy policy in message.HashPolicy)
        {
            if (policy.PolicySpecifierCase == HashPolicy.PolicySpecifierOneofCase.SourceIp)
                sourceIp = true;
            else
                context.Ignore($"hash_policy {policy.PolicySpecifierCase}", "only source_ip is a key on TCP");
        }

        return sourceIp;
    }
}
