using Waypoint.Protos.Envoy.Config.Route.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>Which clusters a route table sends requests to, so that a chain does not go live before their endpoints are known.</summary>
internal static class ReferencedClusters
{
    /// <summary>Adds every cluster that is named; one that a header names at run time cannot be known.</summary>
    public static void Collect(RouteConfiguration table, HashSet<string> clusters)
    {
        foreach (VirtualHost host in table.VirtualHosts)
        {
            foreach (Route route in host.Routes)
            {
                if (route.Route_ is not { } action)
                    continue;
                if (action.ClusterSpecifierCase == RouteAction.ClusterSpecifierOneofCase.Cluster)
                    clusters.Add(action.Cluster);
                foreach (WeightedCluster.Types.ClusterWeight weighted in action.WeightedClusters?.Clusters ?? [])
                    clusters.Add(weighted.Name);
                foreach (RouteAction.Types.RequestMirrorPolicy mirror in action.RequestMirrorPolicies)
                    clusters.Add(mirror.Cluster);
            }
        }
    }
}
