using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.LoadBalancing;

namespace Waypoint.Model.Tests.LoadBalancing;

public sealed class SlowStartTests
{
    [Theory]
    [InlineData(0, 1, 0.1)]
    [InlineData(3, 1, 0.1)]
    [InlineData(15, 1, 0.5)]
    [InlineData(30, 1, 1)]
    [InlineData(300, 1, 1)]
    [InlineData(7.5, 2, 0.5)]
    public void FactorAt_Age_RisesFromMinimumToOne(double seconds, double aggression, double expected)
    {
        var slowStart = new SlowStartConfig(TimeSpan.FromSeconds(30), aggression);
        Assert.Equal(expected, slowStart.FactorAt(TimeSpan.FromSeconds(seconds)), 6);
    }

    [Fact]
    public void FactorAt_NoMinimumAndNoAge_AboveZero() => Assert.True(new SlowStartConfig(TimeSpan.FromSeconds(30), 1, 0).FactorAt(TimeSpan.Zero) > 0);

    [Theory]
    [InlineData(LoadBalancingPolicy.RoundRobin)]
    [InlineData(LoadBalancingPolicy.LeastRequest)]
    public void Pick_NewEndpointAtTenPercent_TakesItsReducedShare(LoadBalancingPolicy policy)
    {
        var assignment = new ClusterEndpoints([Cluster.Locality(0, Cluster.Endpoint(1), Cluster.Endpoint(2), Cluster.Endpoint(3))]);
        EndpointSet set = EndpointSet.Create(assignment, Cluster.Of(policy), new ScriptedConditions(warm: [1, 1, 0.1]));
        Assert.Equal(0.1 / 2.1, Cluster.Shares(set)[2], 0.015);
    }

    [Fact]
    public void Pick_AllEquallyNew_EqualShares()
    {
        var assignment = new ClusterEndpoints([Cluster.Locality(0, Cluster.Endpoint(1), Cluster.Endpoint(2))]);
        EndpointSet set = EndpointSet.Create(assignment, Cluster.Of(LoadBalancingPolicy.RoundRobin), new ScriptedConditions(warm: [0.1, 0.1]));
        Assert.Equal(0.5, Cluster.Shares(set)[0], 0.001);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Pick_IdleWhateverTheBias_SharesByWeight(double bias) =>
        Assert.Equal(0.25, Cluster.Shares(Weighted(bias))[0], 0.015);

    [Fact]
    public void Pick_BiasZero_LoadDoesNotCount() => Assert.Equal(0.25, Cluster.Shares(Weighted(0), 20_000, 100, 0)[0], 0.015);

    [Fact]
    public void Pick_BiasHalf_ComparesRootsOfTheLoad()
    {
        // 3 and 12 requests at weights 1 and 3: 3 / 1 is less than 12 / 3, but its root 1.73 is more than 3.46 / 3.
        Assert.Equal(1.0 / 16, Cluster.Shares(Weighted(0.5), 20_000, 3, 12)[0], 0.015);
        Assert.Equal(7.0 / 16, Cluster.Shares(Weighted(1), 20_000, 3, 12)[0], 0.015);
    }

    private static EndpointSet Weighted(double bias) => EndpointSet.Create(
        new ClusterEndpoints([Cluster.Locality(0, Cluster.Endpoint(1, 1), Cluster.Endpoint(2, 3))]),
        Cluster.Of(LoadBalancingPolicy.LeastRequest) with { ActiveRequestBias = bias });
}
