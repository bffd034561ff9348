using Waypoint.Model.Endpoints;

namespace Waypoint.Model.LoadBalancing;

/// <summary>What one pick depends on besides the endpoints.</summary>
public readonly ref struct PickContext
{
    /// <summary>The cluster's balancer.</summary>
    public required LoadBalancerState State { get; init; }

    /// <summary>How busy the endpoints are; only least request asks.</summary>
    public required IEndpointLoad Load { get; init; }

    /// <summary>The request's hash, for policies by hash; null: they draw a random one.</summary>
    public ulong? Hash { get; init; }

    /// <summary>Labels that the route asks for, where the cluster has subsets; null: none.</summary>
    public SubsetLabels? Subset { get; init; }

    /// <summary>Priorities that earlier attempts tried in vain, one bit each (<c>retry_priority</c>); they are left out unless nobody else is there.</summary>
    public ulong ExcludedPriorities { get; init; }

    /// <summary>Endpoints that earlier attempts of the request used; compared by address, since the set may have been replaced meanwhile. Empty on the first attempt
    /// and without the retry host predicate <c>previous_hosts</c>.</summary>
    public ReadOnlySpan<Endpoint> Tried { get; init; }

    /// <summary><c>host_selection_retry_max_attempts</c>: how many more picks are made to find an endpoint that was not tried; then the last is taken. Default 1.</summary>
    public int MaxRepicks { get; init; }
}
