using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.LoadBalancing;

namespace Waypoint.Model.Tests.LoadBalancing;

public sealed class EndpointSetTests
{
    private const double Tolerance = 0.015;

    [Fact]
    public void Pick_NoEndpoints_None()
    {
        EndpointSet set = EndpointSet.Create(ClusterEndpoints.Empty, Cluster.Of(LoadBalancingPolicy.LeastRequest));
        Assert.Equal(PickedEndpoint.None, Pick(set));
        Assert.Equal(PickedEndpoint.None, Pick(EndpointSet.Empty));
    }

    [Fact]
    public void Pick_RoundRobinEqualWeights_EveryEndpointInTurn()
    {
        EndpointSet set = Cluster.Set(LoadBalancingPolicy.RoundRobin, Cluster.Endpoint(1), Cluster.Endpoint(2), Cluster.Endpoint(3));
        var state = new LoadBalancerState(new Random(1));
        int[] picks = [.. Enumerable.Range(0, 9).Select(_ => set.Pick(new PickContext { State = state, Load = new ScriptedLoad() }).Index)];
        for (int i = 3; i < picks.Length; i++)
            Assert.Equal(picks[i - 3], picks[i]);
        Assert.Equal(3, picks.Distinct().Count());
    }

    [Fact]
    public void Pick_RoundRobinUnequalWeights_ExactSharesSpreadOut()
    {
        EndpointSet set = Cluster.Set(LoadBalancingPolicy.RoundRobin, Cluster.Endpoint(1, 50), Cluster.Endpoint(2, 10), Cluster.Endpoint(3, 20));
        var state = new LoadBalancerState(new Random(1));
        int[] picks = [.. Enumerable.Range(0, 80).Select(_ => set.Pick(new PickContext { State = state, Load = new ScriptedLoad() }).Index)];
        Assert.Equal([50, 10, 20], new[] { 0, 1, 2 }.Select(i => picks.Count(p => p == i)));
        // Never more than two turns of the heavy one in a row would be left if the others stood together.
        Assert.DoesNotContain(Enumerable.Range(0, 76), i => picks.AsSpan(i, 4).IndexOfAnyExcept(0) < 0);
    }

    [Fact]
    public void Pick_RoundRobinWeightsWithoutCommonMeasure_SharesWithinTolerance()
    {
        EndpointSet set = Cluster.Set(LoadBalancingPolicy.RoundRobin, Cluster.Endpoint(1, 1_000_003), Cluster.Endpoint(2, 500_009), Cluster.Endpoint(3, 7));
        double[] shares = Cluster.Shares(set, 50_000);
        Assert.Equal(0.667, shares[0], Tolerance);
        Assert.Equal(0.333, shares[1], Tolerance);
        Assert.InRange(shares[2], 0.00001, 0.001);
    }

    [Fact]
    public void Pick_LeastRequestIdle_SharesByWeight()
    {
        double[] shares = Cluster.Shares(Cluster.Set(LoadBalancingPolicy.LeastRequest, Cluster.Endpoint(1, 1), Cluster.Endpoint(2, 3)));
        Assert.Equal(0.25, shares[0], Tolerance);
    }

    [Fact]
    public void Pick_LeastRequestOneBusy_BusyOneOnlyWhenDrawnTwice()
    {
        EndpointSet set = Cluster.Set(LoadBalancingPolicy.LeastRequest, Cluster.Endpoint(1), Cluster.Endpoint(2), Cluster.Endpoint(3), Cluster.Endpoint(4));
        double[] shares = Cluster.Shares(set, 20_000, 10);
        Assert.Equal(1.0 / 16, shares[0], Tolerance);
        Assert.Equal(5.0 / 16, shares[1], Tolerance);
    }

    [Fact]
    public void Pick_LeastRequestBusyInProportionToWeight_SharesByWeight()
    {
        double[] shares = Cluster.Shares(Cluster.Set(LoadBalancingPolicy.LeastRequest, Cluster.Endpoint(1, 1), Cluster.Endpoint(2, 4)), 20_000, 2, 8);
        Assert.Equal(0.2, shares[0], Tolerance);
    }

    [Fact]
    public void Pick_LeastRequestManyChoices_BusyOneHardlyEver()
    {
        EndpointSet set = EndpointSet.Create(
            new ClusterEndpoints([Cluster.Locality(0, Cluster.Endpoint(1), Cluster.Endpoint(2))]),
            Cluster.Of(LoadBalancingPolicy.LeastRequest, choices: 8));
        Assert.Equal(1.0 / 256, Cluster.Shares(set, 20_000, 1)[0], 0.005);
    }

    [Fact]
    public void Pick_Random_UniformWhateverTheWeights()
    {
        double[] shares = Cluster.Shares(Cluster.Set(LoadBalancingPolicy.Random, Cluster.Endpoint(1, 1), Cluster.Endpoint(2, 9)));
        Assert.Equal(0.5, shares[0], Tolerance);
    }

    [Theory]
    [InlineData(EndpointHealth.Unhealthy)]
    [InlineData(EndpointHealth.Draining)]
    public void Pick_AllUnavailableAndPanicOff_None(EndpointHealth health)
    {
        EndpointSet set = Cluster.Set(LoadBalancingPolicy.RoundRobin, Cluster.Endpoint(1, health: health), Cluster.Endpoint(2, health: health));
        Assert.Equal(PickedEndpoint.None, Pick(set));
        Assert.Equal(2, set.Endpoints.Length);
    }

    [Fact]
    public void Pick_OneUnhealthyAndPanicOff_NeverPicked()
    {
        EndpointSet set = Cluster.Set(LoadBalancingPolicy.RoundRobin,
            Cluster.Endpoint(1, health: EndpointHealth.Unhealthy), Cluster.Endpoint(2), Cluster.Endpoint(3, health: EndpointHealth.Unhealthy));
        Assert.Equal([0, 1, 0], Cluster.Shares(set));
    }

    [Fact]
    public void Pick_FewerHealthyThanPanicThreshold_AllPicked()
    {
        EndpointSet set = EndpointSet.Create(
            new ClusterEndpoints([Cluster.Locality(0, Cluster.Endpoint(1), Cluster.Endpoint(2, health: EndpointHealth.Unhealthy), Cluster.Endpoint(3, health: EndpointHealth.Unhealthy))]),
            Cluster.Of(LoadBalancingPolicy.RoundRobin, panic: 50));
        Assert.All(Cluster.Shares(set), share => Assert.Equal(1.0 / 3, share, Tolerance));
    }

    [Fact]
    public void Pick_DegradedBesideHealthy_DegradedTakesWhatHealthyCannot()
    {
        // Half are healthy: trusted with 70 % (1.4 x 50 %), the degraded half takes the rest of what is available.
        EndpointSet set = Cluster.Set(LoadBalancingPolicy.RoundRobin, Cluster.Endpoint(1), Cluster.Endpoint(2, health: EndpointHealth.Degraded));
        double[] shares = Cluster.Shares(set);
        Assert.Equal(0.7, shares[0], Tolerance);
        Assert.Equal(0.3, shares[1], Tolerance);
    }

    [Fact]
    public void Pick_ThreeQuartersOfFirstPriorityHealthy_NoSpillOver()
    {
        Endpoint[] first = [Cluster.Endpoint(1), Cluster.Endpoint(2), Cluster.Endpoint(3), Cluster.Endpoint(4, health: EndpointHealth.Unhealthy)];
        EndpointSet set = Priorities(first, [Cluster.Endpoint(5)]);
        Assert.Equal(0, Cluster.Shares(set)[4]);
    }

    [Fact]
    public void Pick_HalfOfFirstPriorityHealthy_ThirtyPercentSpillOver()
    {
        EndpointSet set = Priorities([Cluster.Endpoint(1), Cluster.Endpoint(2, health: EndpointHealth.Unhealthy)], [Cluster.Endpoint(3)]);
        double[] shares = Cluster.Shares(set);
        Assert.Equal(0.7, shares[0], Tolerance);
        Assert.Equal(0.3, shares[2], Tolerance);
    }

    [Fact]
    public void Pick_FirstPriorityDown_NextTakesAll()
    {
        EndpointSet set = Priorities([Cluster.Endpoint(1, health: EndpointHealth.Unhealthy)], [Cluster.Endpoint(2)], [Cluster.Endpoint(3)]);
        Assert.Equal([0, 1, 0], Cluster.Shares(set));
    }

    [Fact]
    public void Pick_PrioritiesTogetherTooWeak_SharedInProportion()
    {
        Endpoint Down(int n) => Cluster.Endpoint(n, health: EndpointHealth.Unhealthy);
        // 1.4 x 25 % and 1.4 x 20 %: 35 and 28 of 63.
        EndpointSet set = Priorities(
            [Cluster.Endpoint(1), Down(2), Down(3), Down(4)],
            [Cluster.Endpoint(5), Down(6), Down(7), Down(8), Down(9)]);
        double[] shares = Cluster.Shares(set);
        Assert.Equal(0.56, shares[0], Tolerance);
        Assert.Equal(0.44, shares[4], Tolerance);
    }

    [Fact]
    public void Pick_PrioritiesOutOfOrderAndOneLocalityInTwo_GroupedByNumber()
    {
        var assignment = new ClusterEndpoints([Cluster.Locality(2, Cluster.Endpoint(1)), Cluster.Locality(0, Cluster.Endpoint(2)), Cluster.Locality(0, Cluster.Endpoint(3))]);
        EndpointSet set = EndpointSet.Create(assignment, Cluster.Of(LoadBalancingPolicy.RoundRobin));
        double[] shares = Cluster.Shares(set);
        Assert.Equal(0, shares[Index(set, 1)]);
        Assert.Equal(0.5, shares[Index(set, 2)], Tolerance);
    }

    [Fact]
    public void Pick_LocalityWeights_SharesByLocalityNotByEndpoint()
    {
        var assignment = new ClusterEndpoints(
        [
            new LocalityEndpoints("a", "", "", 0, 80, [Cluster.Endpoint(1)]),
            new LocalityEndpoints("b", "", "", 0, 20, [Cluster.Endpoint(2), Cluster.Endpoint(3)]),
            new LocalityEndpoints("c", "", "", 0, 50, []),
            new LocalityEndpoints("d", "", "", 0, 0, [Cluster.Endpoint(4)]),
        ]);
        double[] shares = Cluster.Shares(EndpointSet.Create(assignment, Cluster.Of(LoadBalancingPolicy.LeastRequest, localityWeighted: true)));
        Assert.Equal(0.8, shares[0], Tolerance);
        Assert.Equal(0.1, shares[1], Tolerance);
        Assert.Equal(0, shares[3]);
        double[] unweighted = Cluster.Shares(EndpointSet.Create(assignment, Cluster.Of(LoadBalancingPolicy.LeastRequest)));
        Assert.Equal(0.25, unweighted[0], Tolerance);
    }

    [Fact]
    public void Pick_LocalityHalfDown_TrustedWithSeventyPercentOfItsWeight()
    {
        var assignment = new ClusterEndpoints(
        [
            new LocalityEndpoints("a", "", "", 0, 50, [Cluster.Endpoint(1), Cluster.Endpoint(2, health: EndpointHealth.Unhealthy)]),
            new LocalityEndpoints("b", "", "", 0, 50, [Cluster.Endpoint(3), Cluster.Endpoint(4)]),
        ]);
        double[] shares = Cluster.Shares(EndpointSet.Create(assignment, Cluster.Of(LoadBalancingPolicy.RoundRobin, localityWeighted: true)));
        Assert.Equal(35.0 / 85, shares[0], Tolerance);
    }

    [Fact]
    public void Create_Ejected_CountsAsUnhealthy()
    {
        var assignment = new ClusterEndpoints([Cluster.Locality(0, Cluster.Endpoint(1), Cluster.Endpoint(2))]);
        EndpointSet set = EndpointSet.Create(assignment, Cluster.Of(LoadBalancingPolicy.RoundRobin), new ScriptedConditions(ejected: [0]));
        Assert.Equal([0, 1], Cluster.Shares(set));
    }

    [Fact]
    public void Pick_TriedBefore_AnotherOne()
    {
        EndpointSet set = Cluster.Set(LoadBalancingPolicy.RoundRobin, Cluster.Endpoint(1), Cluster.Endpoint(2), Cluster.Endpoint(3));
        var state = new LoadBalancerState(new Random(3));
        // Weight and health may have changed between the attempts.
        Endpoint[] tried = [Cluster.Endpoint(1, 5), Cluster.Endpoint(3, health: EndpointHealth.Degraded)];
        for (int i = 0; i < 20; i++)
            Assert.Equal(1, set.Pick(new PickContext { State = state, Load = new ScriptedLoad(), Tried = tried, MaxRepicks = 2 }).Index);
    }

    [Fact]
    public void Pick_AllTriedBefore_LastPickAccepted()
    {
        EndpointSet set = Cluster.Set(LoadBalancingPolicy.RoundRobin, Cluster.Endpoint(1), Cluster.Endpoint(2));
        PickedEndpoint picked = set.Pick(new PickContext
        {
            State = new LoadBalancerState(new Random(3)),
            Load = new ScriptedLoad(),
            Tried = new[] { Cluster.Endpoint(1), Cluster.Endpoint(2) },
            MaxRepicks = 5,
        });
        Assert.NotNull(picked.Endpoint);
    }

    [Theory]
    [InlineData(LoadBalancingPolicy.RoundRobin)]
    [InlineData(LoadBalancingPolicy.LeastRequest)]
    [InlineData(LoadBalancingPolicy.Random)]
    [InlineData(LoadBalancingPolicy.RingHash)]
    [InlineData(LoadBalancingPolicy.Maglev)]
    public void Pick_HotPath_AllocatesNothing(LoadBalancingPolicy policy)
    {
        EndpointSet set = EndpointSet.Create(
            new ClusterEndpoints([Cluster.Locality(0, Cluster.Endpoint(1, 2), Cluster.Endpoint(2, health: EndpointHealth.Unhealthy)), Cluster.Locality(1, Cluster.Endpoint(3), Cluster.Endpoint(4, 3))]),
            Cluster.Of(policy, localityWeighted: true));
        var state = new LoadBalancerState(new Random(3));
        var load = new ScriptedLoad(1, 2, 3, 4);
        Endpoint[] tried = [Cluster.Endpoint(1)];
        PickMany();
        long before = GC.GetAllocatedBytesForCurrentThread();
        PickMany();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void PickMany()
        {
            for (int i = 0; i < 1000; i++)
                _ = set.Pick(new PickContext { State = state, Load = load, Tried = tried, MaxRepicks = 5 });
        }
    }

    private static EndpointSet Priorities(params Endpoint[][] priorities) =>
        EndpointSet.Create(new ClusterEndpoints([.. priorities.Select((p, i) => Cluster.Locality((uint)i, p))]), Cluster.Of(LoadBalancingPolicy.RoundRobin));

    private static PickedEndpoint Pick(EndpointSet set) => set.Pick(new PickContext { State = new LoadBalancerState(new Random(1)), Load = new ScriptedLoad() });

    private static int Index(EndpointSet set, int number) => set.Endpoints.ToList().FindIndex(e => e.AddressText == $"10.0.0.{number}:80");
}
