using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.LoadBalancing;

namespace Waypoint.Model.Tests.LoadBalancing;

public sealed class SubsetTests
{
    private static readonly SubsetLabels V1 = Labels(("version", "1"));
    private static readonly SubsetLabels V2 = Labels(("version", "2"));

    [Fact]
    public void Pick_LabelsOfASelector_OnlyEndpointsWithThem()
    {
        EndpointSet set = Set(SubsetFallback.None);
        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], Picked(set, V1));
        Assert.Equal(["10.0.0.3:80"], Picked(set, V2));
        Assert.Equal(["10.0.0.2:80"], Picked(set, Labels(("version", "1"), ("zone", "b"))));
    }

    [Theory]
    [InlineData(SubsetFallback.None, 0)]
    [InlineData(SubsetFallback.AnyEndpoint, 4)]
    [InlineData(SubsetFallback.DefaultSubset, 1)]
    public void Pick_NoSuchSubset_FallbackOfTheCluster(SubsetFallback fallback, int expected)
    {
        EndpointSet set = Set(fallback);
        Assert.Equal(expected, Picked(set, Labels(("version", "9"))).Count);
        // Labels that no selector has, and none at all, are such requests too.
        Assert.Equal(expected, Picked(set, Labels(("stage", "prod"))).Count);
        Assert.Equal(expected, Picked(set, null).Count);
    }

    [Fact]
    public void Pick_NoSuchSubset_FallbackOfTheSelectorBeatsTheClusters()
    {
        EndpointSet set = Set(SubsetFallback.AnyEndpoint, new SubsetSelector(["version"], SubsetFallback.None, []));
        Assert.Empty(Picked(set, Labels(("version", "9"))));
    }

    [Fact]
    public void Pick_FewerLabels_SubsetOfThose()
    {
        EndpointSet set = Set(
            SubsetFallback.None, new SubsetSelector(["version"], null, []), new SubsetSelector(["version", "zone"], SubsetFallback.FewerLabels, ["version"]));
        Assert.Equal(["10.0.0.3:80"], Picked(set, Labels(("version", "2"), ("zone", "nowhere"))));
        Assert.Empty(Picked(set, Labels(("version", "9"), ("zone", "nowhere"))));
    }

    [Fact]
    public void Pick_SubsetWithoutHealthyEndpoint_NobodyRatherThanAnother()
    {
        EndpointSet set = Set(SubsetFallback.AnyEndpoint, unhealthy: 3);
        Assert.Empty(Picked(set, V2));
    }

    [Fact]
    public void Pick_LabelOfAnotherType_NotTheSame() => Assert.Empty(Picked(Set(SubsetFallback.None), Labels(("version", "\"1\""))));

    [Fact]
    public void Pick_HotPath_AllocatesNothing()
    {
        EndpointSet set = Set(SubsetFallback.None);
        var state = new LoadBalancerState(new Random(1));
        var load = new ScriptedLoad();
        Many();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Many();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Many()
        {
            for (int i = 0; i < 1000; i++)
                _ = set.Pick(new PickContext { State = state, Load = load, Subset = V1 });
        }
    }

    [Fact]
    public void With_SameName_OtherWins()
    {
        SubsetLabels merged = Labels(("version", "1"), ("zone", "a")).With(V2);
        Assert.Equal(Labels(("zone", "a"), ("version", "2")), merged);
        Assert.Same(V1, V1.With(SubsetLabels.None));
    }

    [Theory]
    [InlineData(0b001UL, "10.0.0.2:80")]
    [InlineData(0b011UL, "10.0.0.3:80")]
    [InlineData(0b111UL, "10.0.0.1:80")]
    public void Pick_PrioritiesExcluded_NextOneOrAllIfNoneIsLeft(ulong excluded, string expected)
    {
        EndpointSet set = EndpointSet.Create(
            new ClusterEndpoints([.. Enumerable.Range(1, 3).Select(i => Cluster.Locality((uint)i, Cluster.Endpoint(i)))]), Cluster.Of(LoadBalancingPolicy.RoundRobin));
        var context = new PickContext { State = new LoadBalancerState(new Random(1)), Load = new ScriptedLoad(), ExcludedPriorities = excluded };
        Assert.Equal(expected, set.Pick(in context).Endpoint!.AddressText);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(set.PriorityOf));
    }

    private static EndpointSet Set(SubsetFallback fallback, params SubsetSelector[] selectors) => Set(fallback, 0, selectors);

    private static EndpointSet Set(SubsetFallback fallback, int unhealthy, params SubsetSelector[] selectors)
    {
        if (selectors.Length == 0)
            selectors = [new SubsetSelector(["version"], null, []), new SubsetSelector(["zone", "version"], null, [])];
        Endpoint[] endpoints =
        [
            Cluster.Endpoint(1) with { Labels = Labels(("version", "1"), ("zone", "a")) },
            Cluster.Endpoint(2) with { Labels = Labels(("version", "1"), ("zone", "b")) },
            Cluster.Endpoint(3) with { Labels = Labels(("version", "2"), ("zone", "a")) },
            Cluster.Endpoint(4) with { Labels = Labels(("stage", "canary")) },
        ];
        if (unhealthy > 0)
            endpoints[unhealthy - 1] = endpoints[unhealthy - 1] with { Health = EndpointHealth.Unhealthy };
        return EndpointSet.Create(
            new ClusterEndpoints([Cluster.Locality(0, endpoints)]),
            Cluster.Of(LoadBalancingPolicy.RoundRobin) with { Subsets = new SubsetConfig(selectors, fallback, Labels(("stage", "canary")), false) });
    }

    private static SubsetLabels Labels(params (string Name, string Value)[] labels) => new(labels.Select(static l => KeyValuePair.Create(l.Name, l.Value)));

    private static SortedSet<string> Picked(EndpointSet set, SubsetLabels? wanted)
    {
        var state = new LoadBalancerState(new Random(1));
        var picked = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 20; i++)
        {
            if (set.Pick(new PickContext { State = state, Load = new ScriptedLoad(), Subset = wanted }).Endpoint is { } endpoint)
                picked.Add(endpoint.AddressText);
        }

        return picked;
    }
}
