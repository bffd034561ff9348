namespace Waypoint.Proxy.Upstream;

/// <summary>Chooses an endpoint for a try and counts it in.</summary>
internal static class EndpointPicker
{
    /// <summary>Draws that may hit an endpoint whose pools have just closed; such an endpoint is out of the cluster's state a moment later.</summary>
    private const int MaxClosedDraws = 3;

    /// <summary>An endpoint that is acquired (the caller releases it), or null if none may be picked.</summary>
    public static EndpointRuntime? Pick(ClusterRuntime cluster, RetryState? retries, out ClusterState state)
    {
        state = cluster.State;
        for (int i = 0; i < MaxClosedDraws; i++)
        {
            EndpointRuntime? endpoint = state.Pick(retries);
            if (endpoint is null || endpoint.TryAcquire())
            {
                return endpoint;
            }

            state = cluster.State;
        }

        return null;
    }
}
