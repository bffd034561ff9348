namespace Waypoint.Model.Clusters;

/// <summary>Where the endpoints of a cluster come from (<c>Cluster.type</c>).</summary>
public enum ClusterDiscovery
{
    /// <summary>EDS over ADS.</summary>
    Eds,

    /// <summary>Addresses in the cluster itself.</summary>
    Static,

    /// <summary>Names in the cluster, all addresses used.</summary>
    StrictDns,

    /// <summary>One name in the cluster, the first address used.</summary>
    LogicalDns,

    /// <summary>The destination of the tunnel.</summary>
    OriginalDestination,

    /// <summary>Resolved from the request (<c>envoy.clusters.dynamic_forward_proxy</c>).</summary>
    DynamicForwardProxy,
}
