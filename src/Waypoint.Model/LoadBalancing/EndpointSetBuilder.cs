using System.Runtime.InteropServices;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Model.LoadBalancing;

/// <summary>Turns a load assignment into tiers and groups.</summary>
internal sealed class EndpointSetBuilder
{
    /// <summary>Weights are multiplied by it while an endpoint warms up, so that parts of a weight of 1 can be told apart.</summary>
    private const uint WarmScale = 100;

    private readonly ClusterEndpoints _assignment;
    private readonly ClusterConfig _cluster;
    private readonly Endpoint[] _endpoints;
    private readonly Member[][][] _priorities;
    private readonly double[]? _warmFactors;
    private readonly bool _weighLocalities;
    private List<EndpointTier> _tiers = [];
    private int _loadEnd;
    private int _groups;

    public EndpointSetBuilder(ClusterEndpoints assignment, ClusterConfig cluster, IEndpointConditions? conditions)
    {
        _assignment = assignment;
        _cluster = cluster;
        _endpoints = ImmutableCollectionsMarshal.AsArray(EndpointSet.Order(assignment))!;
        _weighLocalities = cluster.LocalityWeighted && cluster.Subsets is null or { LocalityWeightAware: true };
        _warmFactors = conditions is null ? null : WarmFactors(conditions);
        _priorities = Priorities(conditions);
    }

    private bool ByHash => _cluster.LoadBalancing is LoadBalancingPolicy.RingHash or LoadBalancingPolicy.Maglev;

    /// <summary>Localities in the order of their priorities, else as sent. istiod sends nearly all in order.</summary>
    public static IEnumerable<LocalityEndpoints> ByPriority(ClusterEndpoints assignment)
    {
        IReadOnlyList<LocalityEndpoints> localities = assignment.Localities;
        for (int i = 1; i < localities.Count; i++)
        {
            if (localities[i - 1].Priority > localities[i].Priority)
                return localities.OrderBy(static l => l.Priority);
        }

        return localities;
    }

    public EndpointSet Build()
    {
        byte[] priorities = _priorities.Length > 1 ? new byte[_endpoints.Length] : [];
        for (int i = 0; i < _priorities.Length && priorities.Length > 0; i++)
        {
            foreach (Member[] locality in _priorities[i])
            {
                foreach (Member member in locality)
                    priorities[member.Index] = (byte)Math.Min(i, byte.MaxValue);
            }
        }

        SubsetTable? subsets = _cluster.Subsets is { } config ? new SubsetTable(config, _endpoints, BuildTiers) : null;
        return new EndpointSet(_endpoints, priorities, BuildTiers(null), ByHash, subsets, _priorities.Length > 1 ? Without(priorities) : null);
    }

    /// <summary>Tiers without the priorities that a request has tried in vain: rarely asked for, so made when it is.</summary>
    private Func<ulong, EndpointTier[]> Without(byte[] priorities) =>
        excluded => BuildTiers(index => priorities[index] > 63 || (excluded >> priorities[index] & 1) == 0);

    private EndpointTier[] BuildTiers(Func<int, bool>? include)
    {
        if (_endpoints.Length == 0)
            return [];
        Member[][][] included = include is null ? _priorities : Only(include);
        PriorityLoads loads = PriorityLoads.Of(
            Array.ConvertAll(included, static localities => (Count(localities, null), Count(localities, EndpointHealth.Healthy), Count(localities, EndpointHealth.Degraded))),
            _assignment.OverprovisioningFactorPercent,
            _cluster.PanicThresholdPercent);
        // Called again for subsets and exclusions, under a lock if by several threads.
        _tiers = [];
        _loadEnd = 0;
        _groups = 0;
        for (int i = 0; i < included.Length; i++)
        {
            AddTier(loads.Healthy[i], included[i], loads.Panic[i] ? null : EndpointHealth.Healthy);
            AddTier(loads.Degraded[i], included[i], EndpointHealth.Degraded);
        }

        return [.. _tiers];
    }

    private Member[][][] Only(Func<int, bool> include) =>
        Array.ConvertAll(_priorities, p => Array.ConvertAll(p, l => Array.FindAll(l, m => include(m.Index))));

    private double[]? WarmFactors(IEndpointConditions conditions)
    {
        double[] factors = new double[_endpoints.Length];
        bool warming = false;
        for (int i = 0; i < factors.Length; i++)
            warming |= (factors[i] = conditions.WarmFactor(i)) < 1;
        return warming ? factors : null;
    }

    private Member[][][] Priorities(IEndpointConditions? conditions)
    {
        List<Member[][]> priorities = [];
        List<Member[]> localities = [];
        uint? priority = null;
        int added = 0;
        foreach (LocalityEndpoints locality in ByPriority(_assignment))
        {
            if (priority is not null && priority != locality.Priority)
            {
                priorities.Add([.. localities]);
                localities.Clear();
            }

            priority = locality.Priority;
            var members = new Member[locality.Endpoints.Count];
            for (int i = 0; i < members.Length; i++, added++)
            {
                EndpointHealth health = conditions is not null && conditions.IsEjected(added) ? EndpointHealth.Unhealthy : _endpoints[added].Health;
                members[i] = new Member(added, health, locality.Weight);
            }

            localities.Add(members);
        }

        if (localities.Count > 0)
            priorities.Add([.. localities]);
        return [.. priorities];
    }

    private void AddTier(int load, Member[][] localities, EndpointHealth? health)
    {
        if (load == 0)
            return;
        _loadEnd += load;
        if (ByHash)
        {
            _tiers.Add(new EndpointTier(_loadEnd, PlaceByHash(localities, health) is { } placed ? [placed] : [], null));
            return;
        }

        // In panic the localities do not count either.
        if (_weighLocalities && health is not null && TryAddLocalities(localities, health.Value))
            return;
        int[] all = Indexes(localities, health);
        _tiers.Add(new EndpointTier(_loadEnd, all.Length == 0 ? [] : [Group(all)], null));
    }

    /// <summary>A locality is trusted with its weight as long as enough of its endpoints are available, else with less.</summary>
    private bool TryAddLocalities(Member[][] localities, EndpointHealth health)
    {
        List<EndpointGroup> groups = [];
        List<long> ends = [];
        long end = 0;
        foreach (Member[] locality in localities)
        {
            int[] members = Indexes([locality], health);
            if (members.Length == 0 || locality[0].LocalityWeight == 0)
                continue;
            long trust = Math.Min(10_000, (long)_assignment.OverprovisioningFactorPercent * 100 * members.Length / locality.Length);
            end += locality[0].LocalityWeight * trust;
            groups.Add(Group(members));
            ends.Add(end);
        }

        if (end == 0)
            return false;
        _tiers.Add(new EndpointTier(_loadEnd, [.. groups], [.. ends]));
        return true;
    }

    private EndpointGroup Group(int[] members)
    {
        uint[] weights = Array.ConvertAll(members, WeightOf);
        return _cluster.LoadBalancing switch
        {
            LoadBalancingPolicy.RoundRobin => new RoundRobinGroup(members, weights, _groups++ % LoadBalancerState.Slots),
            LoadBalancingPolicy.LeastRequest => new LeastRequestGroup(members, weights, _cluster.LeastRequestChoiceCount, _cluster.ActiveRequestBias),
            _ => new RandomGroup(members),
        };
    }

    /// <summary>One ring or table for all localities; their weights decide how many places their endpoints get. Null if no endpoint is left.</summary>
    private EndpointGroup? PlaceByHash(Member[][] localities, EndpointHealth? health)
    {
        int[][] indexes = _weighLocalities
            ? Array.ConvertAll(localities, l => Indexes([l], health))
            : [Indexes(localities, health)];
        var shares = new (uint, IReadOnlyList<(string, uint)>)[indexes.Length];
        for (int i = 0; i < indexes.Length; i++)
        {
            uint localityWeight = !_weighLocalities ? 1 : indexes[i].Length == 0 ? 0 : localities[i][0].LocalityWeight;
            shares[i] = (localityWeight, Array.ConvertAll(indexes[i], member => (KeyOf(_endpoints[member]), WeightOf(member))));
        }

        PlacedHost[] hosts = PlacedHost.Distribute(shares, out (int Locality, int Host)[] origins);
        if (hosts.Length == 0)
            return null;
        int[] members = Array.ConvertAll(origins, origin => indexes[origin.Locality][origin.Host]);
        return _cluster.LoadBalancing == LoadBalancingPolicy.Maglev
            ? new MaglevGroup(members, MaglevTable.Build(hosts, _cluster.Hashing.MaglevTableSize))
            : new RingHashGroup(members, HashRing.Build(hosts, _cluster.Hashing));
    }

    private string KeyOf(Endpoint endpoint) =>
        endpoint.HashKey ?? (_cluster.Hashing.UseHostname ? endpoint.Hostname ?? "" : endpoint.FullAddressText);

    private uint WeightOf(int member)
    {
        uint weight = Math.Max(_endpoints[member].Weight, 1);
        return _warmFactors is null ? weight : (uint)Math.Clamp(weight * (double)WarmScale * _warmFactors[member], 1, uint.MaxValue);
    }

    private static int[] Indexes(ReadOnlySpan<Member[]> localities, EndpointHealth? health)
    {
        int[] indexes = new int[Count(localities, health)];
        int end = 0;
        foreach (Member[] locality in localities)
        {
            foreach (Member member in locality)
            {
                if (health is null || member.Health == health)
                    indexes[end++] = member.Index;
            }
        }

        return indexes;
    }

    private static int Count(ReadOnlySpan<Member[]> localities, EndpointHealth? health)
    {
        int count = 0;
        foreach (Member[] locality in localities)
        {
            foreach (Member member in locality)
                count += health is null || member.Health == health ? 1 : 0;
        }

        return count;
    }

    private readonly record struct Member(int Index, EndpointHealth Health, uint LocalityWeight);
}
