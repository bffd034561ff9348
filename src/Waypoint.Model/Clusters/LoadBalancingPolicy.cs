namespace Waypoint.Model.Clusters;

/// <summary><c>Cluster.lb_policy</c>.</summary>
public enum LoadBalancingPolicy
{
    /// <summary>Weighted round robin.</summary>
    RoundRobin,

    /// <summary>The less busy of N random hosts; istiod's default.</summary>
    LeastRequest,

    /// <summary>Uniform (or weighted) random.</summary>
    Random,

    /// <summary>Ketama ring.</summary>
    RingHash,

    /// <summary>Maglev table.</summary>
    Maglev,

    /// <summary>The cluster type decides (original destination, dynamic forward proxy).</summary>
    ClusterProvided,
}
