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
    private readonly bool _byHash;

    internal EndpointSet(Endpoint[] endpoints, EndpointTier[] tiers, bool byHash)
    {
        _endpoints = endpoints;
        _tiers = tiers;
        _byHash = byHash;
    }

    /// <summary>A cluster without endpoints: every pick is <see cref="PickedEndpoint.None"/>.</summary>
    public static EndpointSet Empty { get; } = new([], [], byHash: false);

    /// <summary>All endpoints, also those that cannot be picked; the index is what <see cref="IEndpointLoad"/> counts by.</summary>
    public ImmutableArray<Endpoint> Endpoints => ImmutableCollectionsMarshal.AsImmutableArray(_endpoints);

    /// <summary>Health classes of priorities with their shares.</summary>
    internal IReadOnlyList<EndpointTier> Tiers => _tiers;

    /// <summary>The endpoints of an assignment in the order in which a set has them: by priority, else as sent.</summary>
    public static ImmutableArray<Endpoint> Order(ClusterEndpoints assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        int count = 0;
        foreach (LocalityEndpoints locality in assignment.Localities)
            count += locality.Endpoints.Count;
        var endpoints = new Endpoint[count];
        int end = 0;
        foreach (LocalityEndpoints locality in EndpointSetBuilder.ByPriority(assignment))
        {
            foreach (Endpoint endpoint in locality.Endpoints)
                endpoints[end++] = endpoint;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(endpoints);
    }

    /// <summary>Makes a load assignment ready for picking.</summary>
    /// <param name="assignment">What EDS (or the cluster itself) says.</param>
    /// <param name="cluster">Policy, panic threshold, locality weighting.</param>
    /// <param name="conditions">What the proxy has found out itself; null: nothing.</param>
    public static EndpointSet Create(ClusterEndpoints assignment, ClusterConfig cluster, IEndpointConditions? conditions = null)
        => new EndpointSetBuilder(assignment, cluster, conditions).Build();

    /// <summary>Picks an endpoint: priority and health class first, then locality, then by the cluster's policy. An endpoint that an earlier attempt used is passed
    /// over a limited number of times.</summary>
    public PickedEndpoint Pick(in PickContext context)
    {
        if (_tiers.Length == 0)
            return PickedEndpoint.None;
        int repicks = context.Tried.Length == 0 ? 0 : context.MaxRepicks;
        ulong hash = !_byHash ? 0 : context.Hash ?? context.State.NextHash();
        for (int attempt = 0; ; attempt++)
        {
            int index = PickOnce(in context, hash, attempt);
            if (index < 0)
                return PickedEndpoint.None;
            Endpoint endpoint = _endpoints[index];
            if (attempt >= repicks || !WasTried(endpoint, context.Tried))
                return new PickedEndpoint(index, endpoint);
        }
    }

    private int PickOnce(in PickContext context, ulong hash, int attempt)
    {
        EndpointTier tier = _tiers[0];
        if (_tiers.Length > 1)
        {
            // By hash the priority follows the request too, else it would jump between endpoints.
            int draw = _byHash ? (int)(hash % 100) : context.State.Below(100);
            int i = 0;
            while (i < _tiers.Length - 1 && draw >= _tiers[i].LoadEnd)
                i++;
            tier = _tiers[i];
        }

        return tier.Groups.Length == 0 ? -1 : tier.ChooseGroup(context.State).Pick(in context, hash, attempt);
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
