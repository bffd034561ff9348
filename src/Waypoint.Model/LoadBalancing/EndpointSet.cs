using System.Collections.Concurrent;
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
    private readonly byte[] _priorities;
    private readonly bool _byHash;
    private readonly SubsetTable? _subsets;
    private readonly Func<ulong, EndpointTier[]>? _without;
    private ConcurrentDictionary<ulong, EndpointTier[]>? _exclusions;

    /// <param name="endpoints">All endpoints.</param>
    /// <param name="priorities">The priority of each, counted from 0 without gaps; empty: all have the first.</param>
    /// <param name="tiers">Who gets which share.</param>
    /// <param name="byHash">The policy goes by hash.</param>
    /// <param name="subsets">Subsets; null: the cluster has none.</param>
    /// <param name="without">Tiers without some priorities, by a bit for each; null: there is one priority only.</param>
    internal EndpointSet(
        Endpoint[] endpoints, byte[] priorities, EndpointTier[] tiers, bool byHash, SubsetTable? subsets, Func<ulong, EndpointTier[]>? without)
    {
        _endpoints = endpoints;
        _priorities = priorities;
        _tiers = tiers;
        _byHash = byHash;
        _subsets = subsets;
        _without = without;
    }

    /// <summary>A cluster without endpoints: every pick is <see cref="PickedEndpoint.None"/>.</summary>
    public static EndpointSet Empty { get; } = new([], [], [], byHash: false, null, null);

    /// <summary>All endpoints, also those that cannot be picked; the index is what <see cref="IEndpointLoad"/> counts by.</summary>
    public ImmutableArray<Endpoint> Endpoints => ImmutableCollectionsMarshal.AsImmutableArray(_endpoints);

    /// <summary>Health classes of priorities with their shares.</summary>
    internal IReadOnlyList<EndpointTier> Tiers => _tiers;

    /// <summary>The endpoints of an assignment in the order in which a set has them: by priority, else as sent.</summary>
    public static ImmutableArray<Endpoint> Order(ClusterEndpoints assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        if (assignment.Localities is [{ Endpoints: Endpoint[] all }])
            return ImmutableCollectionsMarshal.AsImmutableArray(all);
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

    /// <summary>The priority of an endpoint, counted from 0 (used first) without gaps.</summary>
    public int PriorityOf(int index) => _priorities.Length == 0 ? 0 : _priorities[index];

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
        EndpointTier[] tiers = TiersFor(in context);
        if (tiers.Length == 0)
            return PickedEndpoint.None;
        int repicks = context.Tried.Length == 0 ? 0 : context.MaxRepicks;
        ulong hash = !_byHash ? 0 : context.Hash ?? context.State.NextHash();
        for (int attempt = 0; ; attempt++)
        {
            int index = PickOnce(tiers, in context, hash, attempt);
            if (index < 0)
                return PickedEndpoint.None;
            Endpoint endpoint = _endpoints[index];
            if (attempt >= repicks || !WasTried(endpoint, context.Tried))
                return new PickedEndpoint(index, endpoint);
        }
    }

    private EndpointTier[] TiersFor(in PickContext context)
    {
        if (_subsets is not null)
            return _subsets.Find(context.Subset);
        if (context.ExcludedPriorities == 0 || _without is null)
            return _tiers;
        EndpointTier[] others = Excluding(context.ExcludedPriorities);
        // Nobody is left: any is better than none.
        return others.Length > 0 ? others : _tiers;
    }

    private EndpointTier[] Excluding(ulong priorities)
    {
        ConcurrentDictionary<ulong, EndpointTier[]> known = _exclusions ?? Interlocked.CompareExchange(ref _exclusions, new(), null) ?? _exclusions;
        if (known.TryGetValue(priorities, out EndpointTier[]? tiers))
            return tiers;
        // The builder is one for all; a set sees few different exclusions, each once.
        lock (_without!)
            return known.GetOrAdd(priorities, _without);
    }

    private int PickOnce(EndpointTier[] tiers, in PickContext context, ulong hash, int attempt)
    {
        EndpointTier tier = tiers[0];
        if (tiers.Length > 1)
        {
            // By hash the priority follows the request too, else it would jump between endpoints.
            int draw = _byHash ? (int)(hash % 100) : context.State.Below(100);
            int i = 0;
            while (i < tiers.Length - 1 && draw >= tiers[i].LoadEnd)
                i++;
            tier = tiers[i];
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
