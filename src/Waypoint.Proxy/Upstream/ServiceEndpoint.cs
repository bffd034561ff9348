using Waypoint.Model.Clusters;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Upstream;

/// <summary>Finds where a question of our own goes (to an authorizer, for keys): the same clusters, the same balancing and the same pools as for requests.</summary>
internal static class ServiceEndpoint
{
    /// <summary>An endpoint that is acquired (the caller releases it), or null if there is no such cluster, no host in it that may be picked, or no way to reach it.</summary>
    public static EndpointRuntime? Pick(RuntimeSnapshot snapshot, string cluster, out ClusterConfig? config)
    {
        config = null;
        if (!snapshot.Clusters.TryGetValue(cluster, out ClusterRuntime? runtime))
            return null;
        EndpointRuntime? endpoint = EndpointPicker.Pick(runtime, retries: null, dialled: null, out ClusterState state);
        config = state.Config;
        if (endpoint is null || EndpointConnector.RefusalOf(state.Config, endpoint.Endpoint) is null)
            return endpoint;
        endpoint.Release();
        return null;
    }
}
