using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Model.LoadBalancing;

/// <summary>The endpoints of a cluster, made ready for picking: priorities with spill-over, health classes, localities and weights are worked out once, when the load
/// assignment or an endpoint's health changes. Immutable; <see cref="Pick"/> takes no lock and does not allocate.</summary>
public sealed class EndpointSet
{
    private readonly Endpoint[] _endpoints;
    private readonly EndpointTier[] _tiers;
    private readonly LoadBalancingPolicy _policy;
    private readonly uint _choices;

    internal EndpointSet(Endpoint[] endpoints, EndpointTier[] tiers, LoadBalancingPolicy policy, uint choices)
    {
        _endpoints = endpoints;
        _tiers = tiers;
        _policy = policy;
        _choices = choices;
    }

    /// <summary>A cluster without endpoints: every pick is <see cref="PickedEndpoint.None"/>.</summary>
    public static EndpointSet Empty { get; } = new([], [], LoadBalancingPolicy.RoundRobin, 2);

    /// <summary>All endpoints, also those that cannot be picked; the index is what <see cref="IEndpointLoad"/> counts by.</summary>
    public ImmutableArray<Endpoint> Endpoints => ImmutableCollectionsMarshal.AsImmutableArray(_endpoints);

    /// <summary>True if the cluster asked for a policy by hash (<see cref="LoadBalancingPolicy.RingHash"/>, <see cref="LoadBalancingPolicy.Maglev"/>) and gets random picks
    /// instead: whoever builds the set says so in the log once.</summary>
    public bool PicksAtRandomInsteadOfHashing => _policy is LoadBalancingPolicy.RingHash or LoadBalancingPolicy.Maglev;

    /// <summary>Makes a load assignment ready for picking.</summary>
    /// <param name="assignment">What EDS (or the cluster itself) says.</param>
    /// <param name="cluster">Policy, panic threshold, locality weighting.</param>
    /// <param name="ejected">Endpoints to be taken for unhealthy whatever EDS says; null: none.</param>
    public static EndpointSet Create(ClusterEndpoints assignment, ClusterConfig cluster, IReadOnlySet<Endpoint>? ejected = null)
        => new EndpointSetBuilder(assignment, cluster, ejected).Build();

    /// <summary>Picks an endpoint: priority and health class first, then locality, then by the cluster's policy. An endpoint that an earlier attempt used is passed
    /// over a limited number of times.</summary>
    public PickedEndpoint Pick(in PickContext context)
    {
        if (_tiers.Length == 0)
            return PickedEndpoint.None;
        int repicks = context.Tried.Length == 0 ? 0 : context.MaxRepicks;
        while (true)
        {
            int index = PickOnce(in context);
            if (index < 0)
                return PickedEndpoint.None;
            Endpoint endpoint = _endpoints[index];
            if (repicks-- <= 0 || !WasTried(endpoint, context.Tried))
                return new PickedEndpoint(index, endpoint);
        }
    }

    private int PickOnce(in PickContext context)
    {
        EndpointTier tier = _tiers[0];
        if (_tiers.Length > 1)
        {
            int draw = context.State.Below(100);
            int i = 0;
            while (i < _tiers.Length - 1 && draw >= _tiers[i].LoadEnd)
                i++;
            tier = _tiers[i];
        }

        return tier.Groups.Length == 0 ? -1 : tier.ChooseGroup(context.State).Pick(_policy, _choices, in context);
    }

    private static bool WasTried(Endpoint endpoint, ReadOnlySpan<Endpoint> tried)
    {
        foreach (Endpoint other in tried)
        {
            if (ReferenceEquals(other, endpoint) || IsSamePlace(other, endpoint))
                return true;
        }

        return false;
    }

    /// <summary>Weight and health may have changed since; the place says whether it is the same endpoint.</summary>
    private static bool IsSamePlace(Endpoint a, Endpoint b)
        => a.Kind == b.Kind && a.AddressText == b.AddressText && a.DoubleHboneTarget == b.DoubleHboneTarget;
}
