using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.LoadBalancing;

namespace Waypoint.Proxy.Upstream;

/// <summary>One consistent view of a cluster: its configuration, its endpoints ready for picking and their runtimes. Immutable but for the balancer's round; a request
/// takes it once per try.</summary>
/// <param name="config">The cluster's configuration.</param>
/// <param name="assignment">The endpoints as configured.</param>
/// <param name="set">The endpoints ready for picking.</param>
/// <param name="runtimes">One runtime per endpoint, by its index in <paramref name="set"/>.</param>
/// <param name="balancer">The balancer's memory, kept from one state to the next.</param>
internal sealed class ClusterState(ClusterConfig config, ClusterEndpoints assignment, EndpointSet set, EndpointRuntime[] runtimes, LoadBalancerState balancer) : IEndpointLoad
{
    /// <summary>The cluster's configuration.</summary>
    public ClusterConfig Config => config;

    /// <summary>The endpoints as configured.</summary>
    public ClusterEndpoints Assignment => assignment;

    /// <summary>All endpoints, also those that cannot be picked.</summary>
    public ReadOnlySpan<EndpointRuntime> Endpoints => runtimes;

    /// <inheritdoc/>
    public uint ActiveRequests(int index) => (uint)runtimes[index].ActiveRequests;

    /// <summary>An endpoint for the next try, not counted in yet; null if there is none.</summary>
    public EndpointRuntime? Pick(RetryState? retries, RequestAffinity affinity)
    {
        PickedEndpoint picked = set.Pick(new PickContext
        {
            State = balancer,
            Load = this,
            Hash = affinity.Hash,
            Subset = affinity.Subset,
            ExcludedPriorities = retries?.ExcludedPriorities ?? 0,
            Tried = retries is null ? default : retries.HostsToAvoid,
            MaxRepicks = retries?.HostSelectionAttempts ?? 0,
        });
        if (picked.Index < 0)
        {
            return null;
        }

        EndpointRuntime endpoint = runtimes[picked.Index];
        // With few endpoints the draws may all hit one that was tried (two endpoints, five draws: 3 %); another one that is healthy is always better.
        return retries is { HostSelectionAttempts: > 0 } && retries.WasTried(endpoint) && config.Subsets is null ? UntriedBeside(endpoint, retries) ?? endpoint : endpoint;
    }

    /// <summary>Whether there is a healthy endpoint that the request has not tried where a retry may go, besides <paramref name="current"/>.</summary>
    public bool HasOther(RetryState retries, EndpointRuntime current) => UntriedBeside(current, retries) is not null;

    /// <summary>The next healthy endpoint of the same priority that was not tried; null if there is none. A retry stays in its priority, which may be a region, unless the
    /// route's <c>retry_priority</c> says otherwise.</summary>
    private EndpointRuntime? UntriedBeside(EndpointRuntime current, RetryState retries)
    {
        int index = Array.IndexOf(runtimes, current);
        for (int i = 1; i <= runtimes.Length; i++)
        {
            EndpointRuntime other = runtimes[(index + i) % runtimes.Length];
            if (!ReferenceEquals(other, current) && other.IsHealthy && (other.Priority == current.Priority || retries.LeavesPriorities) && !retries.WasTried(other))
            {
                return other;
            }
        }

        return null;
    }
}
