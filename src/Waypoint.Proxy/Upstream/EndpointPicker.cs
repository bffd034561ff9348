using System.Net;

namespace Waypoint.Proxy.Upstream;

/// <summary>Chooses an endpoint for a try and counts it in.</summary>
internal static class EndpointPicker
{
    /// <summary>Draws that may hit an endpoint whose pools have just closed; such an endpoint is out of the cluster's state a moment later.</summary>
    private const int MaxClosedDraws = 3;

    /// <summary>An endpoint for what belongs nowhere in particular.</summary>
    public static EndpointRuntime? Pick(ClusterRuntime cluster, RetryState? retries, IPEndPoint? dialled, out ClusterState state) =>
        Pick(cluster, retries, dialled, default, out state);

    /// <summary>An endpoint that is acquired (the caller releases it), or null if none may be picked.</summary>
    /// <param name="cluster">Where to.</param>
    /// <param name="retries">Earlier tries, whose hosts are passed over; null for none.</param>
    /// <param name="dialled">What the client dialled, for a cluster that leads there; null if that is no address.</param>
    /// <param name="affinity">Where the request belongs.</param>
    /// <param name="state">The state that was picked from.</param>
    public static EndpointRuntime? Pick(ClusterRuntime cluster, RetryState? retries, IPEndPoint? dialled, RequestAffinity affinity, out ClusterState state)
    {
        state = cluster.State;
        for (int i = 0; i < MaxClosedDraws; i++)
        {
            EndpointRuntime? endpoint = state.Pick(retries, affinity);
            if (OriginalDestinations.LeadsThere(state.Config, endpoint))
            {
                endpoint = dialled is null ? null : cluster.OriginalDestinations.Get(state.Config, dialled);
            }

            if (endpoint is null || endpoint.TryAcquire())
            {
                return endpoint;
            }

            state = cluster.State;
        }

        return null;
    }
}
