using Waypoint.Model.Clusters;
using Waypoint.Model.Listeners;

namespace Waypoint.Xds.Store;

/// <summary>A cluster as it is kept: one for traffic, the one that says how tunnels are originated, or one that only leads through Envoy (then both are null).</summary>
internal sealed record StoredCluster(ClusterConfig? Config, TunnelOriginationConfig? Origination)
{
    /// <summary>A cluster of which nothing but its existence matters.</summary>
    public static StoredCluster InternalHop { get; } = new(null, null);

    /// <summary>Its name, as a list of one.</summary>
    public string[] OwnName => field ??= [Config!.Name];

    /// <summary>The name to subscribe to for endpoints, or null.</summary>
    public string? EdsServiceName => Config is { Discovery: ClusterDiscovery.Eds } eds ? eds.EdsServiceName : null;
}
