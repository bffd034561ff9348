using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Model.LoadBalancing;

/// <summary>Turns a load assignment into tiers and groups.</summary>
internal sealed class EndpointSetBuilder(ClusterEndpoints assignment, ClusterConfig cluster, IReadOnlySet<Endpoint>? ejected)
{
    private readonly List<Endpoint> _endpoints = [];
    private readonly List<EndpointTier> _tiers = [];
    private int _loadEnd;

    public EndpointSet Build()
    {
        List<Member[][]> priorities = [];
        foreach (IGrouping<uint, LocalityEndpoints> priority in assignment.Localities.GroupBy(static l => l.Priority).OrderBy(static g => g.Key))
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

        return new EndpointSet([.. _endpoints], [.. _tiers], cluster.LoadBalancing, cluster.LeastRequestChoiceCount);
    }

    private Member[] AddLocality(LocalityEndpoints locality)
    {
        var members = new Member[locality.Endpoints.Count];
        for (int i = 0; i < members.Length; i++)
        {
            Endpoint endpoint = locality.Endpoints[i];
            EndpointHealth health = ejected is not null && ejected.Contains(endpoint) ? EndpointHealth.Unhealthy : endpoint.Health;
            members[i] = new Member(_endpoints.Count, health, locality.Weight);
            _endpoints.Add(endpoint);
        }

        return members;
    }

    private void AddTier(int load, Member[][] localities, EndpointHealth? health)
    {
        if (load == 0)
            return;
        _loadEnd += load;
        // In panic the localities do not count either.
        if (cluster.LocalityWeighted && health is not null && TryAddLocalities(localities, health.Value))
            return;
        var group = new EndpointGroup(Indexes(localities.SelectMany(static l => l), health), _endpoints, cluster.LoadBalancing);
        _tiers.Add(new EndpointTier(_loadEnd, group.Count == 0 ? [] : [group], null));
    }

    /// <summary>A locality is trusted with its weight as long as enough of its endpoints are available, else with less.</summary>
    private bool TryAddLocalities(Member[][] localities, EndpointHealth health)
    {
        List<EndpointGroup> groups = [];
        List<long> ends = [];
        long end = 0;
        foreach (Member[] locality in localities)
        {
            List<int> members = Indexes(locality, health);
            if (members.Count == 0 || locality[0].LocalityWeight == 0)
                continue;
            long trust = Math.Min(10_000, (long)assignment.OverprovisioningFactorPercent * 100 * members.Count / locality.Length);
            end += locality[0].LocalityWeight * trust;
            groups.Add(new EndpointGroup(members, _endpoints, cluster.LoadBalancing));
            ends.Add(end);
        }

        if (end == 0)
            return false;
        _tiers.Add(new EndpointTier(_loadEnd, [.. groups], [.. ends]));
        return true;
    }

    private static List<int> Indexes(IEnumerable<Member> members, EndpointHealth? health)
        => [.. members.Where(m => health is null || m.Health == health).Select(static m => m.Index)];

    private static int Count(Member[][] localities, EndpointHealth? health)
        => localities.Sum(locality => locality.Count(m => health is null || m.Health == health));

    private readonly record struct Member(int Index, EndpointHealth Health, uint LocalityWeight);
}
