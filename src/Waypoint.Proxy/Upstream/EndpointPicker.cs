using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream;

/// <summary>Chooses an endpoint for a try and counts it in. Lock-free.</summary>
internal sealed class EndpointPicker
{
    /// <summary>How often a host that was tried before is passed over (host_selection_retry_max_attempts of istiod's default policy).</summary>
    private const int MaxReselections = 5;

    /// <summary>An endpoint that is acquired (the caller releases it), or null if none may be picked.</summary>
    public EndpointRuntime? Pick(ClusterState state, RetryState? retries)
    {
        EndpointRuntime? last = null;
        for (int i = 0; i <= MaxReselections; i++)
        {
            EndpointRuntime? candidate = state.Next(retries);
            if (candidate is null || !candidate.TryAcquire())
            {
                continue;
            }

            last?.Release();
            last = candidate;
            if (retries is null || !retries.WasTried(candidate))
            {
                return candidate;
            }
        }

        return last;
    }
}
