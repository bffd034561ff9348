using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Model.LoadBalancing;

/// <summary>Turns a load assignment into tiers and groups.</summary>
internal sealed class EndpointSetBuilder(ClusterEndpoints assignment, ClusterConfig cluster, IEndpointConditions? conditions)
{
    /// <summary>Weights are multiplied by it while an endpoint warms up, so that parts of a weight of 1 can be told apart.</summary>
    private const uint WarmScale = 100;

    private readonly List<EndpointTier> _tiers = [];
    private readonly Endpoint[] _endpoints = [.. EndpointSet.Order(assignment)];
    private double[]? _warmFactors;
    private int _added;
    private int _loadEnd;
    private int _groups;

    private bool ByHash => cluster.LoadBalancing is LoadBalancingPolicy.RingHash or LoadBalancingPolicy.Maglev;

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
        if (_endpoints.Length == 0)
            return new EndpointSet(_endpoints, [], ByHash);
        NoteWarmFactors();
        List<Member[][]> priorities = [];
        foreach (IGrouping<uint, LocalityEndpoints> priority in ByPriority(assignment).GroupBy(static l => l.Priority))
            priorities.Add([.. priority.Select(AddLocality)]);

        PriorityLoads loads = PriorityLoads.Of(
            priorities.ConvertAll(static localities => (Count(localities, null), Count(localities, EndpointHealth.Healthy), Count(localities, EndpointHealth.Degraded))),
            assignment.OverprovisioningFactorPercent,
            cluster.PanicThresholdPercent);
        for (int i = 0; i < priorities.Count; i++)
        {
            AddTier(loads.Healthy[i], priorities[i], loads.Panic[i] ? null : EndpointHealth.Healthy);
            AddTier(loads.Degraded[i], priorities[i], EndpointHealth.Degraded);
        }

        return new EndpointSet(_endpoints, [.. _tiers], ByHash);
    }

    private void NoteWarmFactors()
    {
        for (int i = 0; conditions is not null && i < _endpoints.Length; i++)
        {
            double factor = conditions.WarmFactor(i);
            if (factor >= 1)
                continue;
            if (_warmFactors is null)
            {
                _warmFactors = new double[_endpoints.Length];
                _warmFactors.AsSpan().Fill(1);
            }

            _warmFactors[i] = factor;
        }
    }

    private Member[] AddLocality(LocalityEndpoints locality)
    {
        var members = new Member[locality.Endpoints.Count];
        for (int i = 0; i < members.Length; i++, _added++)
        {
            EndpointHealth health = conditions is not null && conditions.IsEjected(_added) ? EndpointHealth.Unhealthy : _endpoints[_added].Health;
            members[i] = new Member(_added, health, locality.Weight);
        }

        return members;
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
        if (cluster.LocalityWeighted && health is not null && TryAddLocalities(localities, health.Value))
            return;
        int[] all = Indexes(localities.SelectMany(static l => l), health);
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
            int[] members = Indexes(locality, health);
            if (members.Length == 0 || locality[0].LocalityWeight == 0)
                continue;
            long trust = Math.Min(10_000, (long)assignment.OverprovisioningFactorPercent * 100 * members.Length / locality.Length);
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
        return cluster.LoadBalancing switch
        {
            LoadBalancingPolicy.RoundRobin => new RoundRobinGroup(members, weights, _groups++ % LoadBalancerState.Slots),
            LoadBalancingPolicy.LeastRequest => new LeastRequestGroup(members, weights, cluster.LeastRequestChoiceCount, cluster.ActiveRequestBias),
            _ => new RandomGroup(members),
        };
    }

    /// <summary>One ring or table for all localities; their weights decide how many places their endpoints get. Null if no endpoint is left.</summary>
    private EndpointGroup? PlaceByHash(Member[][] localities, EndpointHealth? health)
    {
        int[][] indexes = cluster.LocalityWeighted
            ? Array.ConvertAll(localities, l => Indexes(l, health))
            : [Indexes(localities.SelectMany(static l => l), health)];
        var shares = new (uint, IReadOnlyList<(string, uint)>)[indexes.Length];
        for (int i = 0; i < indexes.Length; i++)
        {
            uint localityWeight = !cluster.LocalityWeighted ? 1 : indexes[i].Length == 0 ? 0 : localities[i][0].LocalityWeight;
            shares[i] = (localityWeight, Array.ConvertAll(indexes[i], member => (KeyOf(_endpoints[member]), WeightOf(member))));
        }

        PlacedHost[] hosts = PlacedHost.Distribute(shares, out (int Locality, int Host)[] origins);
        if (hosts.Length == 0)
            return null;
        int[] members = Array.ConvertAll(origins, origin => indexes[origin.Locality][origin.Host]);
        return cluster.LoadBalancing == LoadBalancingPolicy.Maglev
            ? new MaglevGroup(members, MaglevTable.Build(hosts, cluster.Hashing.MaglevTableSize))
            : new RingHashGroup(members, HashRing.Build(hosts, cluster.Hashing));
    }

    private string KeyOf(Endpoint endpoint) =>
        endpoint.HashKey ?? (cluster.Hashing.UseHostname ? endpoint.Hostname ?? "" : endpoint.FullAddressText);

    private uint WeightOf(int member)
    {
        uint weight = Math.Max(_endpoints[member].Weight, 1);
        return _warmFactors is null ? weight : (uint)Math.Clamp(weight * (double)WarmScale * _warmFactors[member], 1, uint.MaxValue);
    }

    private static int[] Indexes(IEnumerable<Member> members, EndpointHealth? health)
        => [.. members.Where(m => health is null || m.Health == health).Select(static m => m.Index)];

    private static int Count(Member[][] localities, EndpointHealth? health)
        => localities.Sum(locality => locality.Count(m => health is null || m.Health == health));

    private readonly record struct Member(int Index, EndpointHealth Health, uint LocalityWeight);
}
