using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Model.Tests.Routes;

public sealed class ClusterSelectorTests
{
    private static readonly HeaderLines NoHeaders = new();

    [Fact]
    public void SelectCluster_EveryRandomNumber_SharesAreTheWeights()
    {
        var action = Weighted(("a", 1), ("b", 0), ("c", 3));
        var counts = Enumerable.Range(0, 400).Select(i => action.SelectCluster((ulong)i, NoHeaders).Cluster).CountBy(static name => name).ToDictionary();
        Assert.Equal(100, counts["a"]);
        Assert.Equal(300, counts["c"]);
        Assert.False(counts.ContainsKey("b"));
    }

    [Fact]
    public void SelectCluster_RuntimeWeights_ReplaceTheConfiguredOnes()
    {
        var action = new ForwardAction
        {
            Clusters = ClusterSelector.ByWeight(
                [new WeightedCluster { Name = "a", Weight = 1, RuntimeKey = "w.a" }, new WeightedCluster { Name = "b", Weight = 1, RuntimeKey = "w.b" }]),
        };
        var runtime = new RuntimeValues([KeyValuePair.Create("w.a", 0ul)]);
        Assert.Equal("b", action.SelectCluster(0, NoHeaders, runtime).Cluster);
        Assert.Equal("", action.SelectCluster(0, NoHeaders, new RuntimeValues([KeyValuePair.Create("w.a", 0ul), KeyValuePair.Create("w.b", 0ul)])).Cluster);
    }

    [Fact]
    public void SelectCluster_HeaderNamesCluster_EmptyWithoutTheHeader()
    {
        var action = new ForwardAction { Clusters = ClusterSelector.FromHeader("x-cluster") };
        Assert.Equal("c", action.SelectCluster(0, new HeaderLines([KeyValuePair.Create("X-Cluster", "c")])).Cluster);
        Assert.Equal("", action.SelectCluster(0, NoHeaders).Cluster);
    }

    [Fact]
    public void SelectCluster_RandomHeader_DecidesWhereItIsANumber()
    {
        var action = new ForwardAction
        {
            Clusters = ClusterSelector.ByWeight([new WeightedCluster { Name = "a", Weight = 1 }, new WeightedCluster { Name = "b", Weight = 1 }], "x-random"),
        };
        Assert.Equal("b", action.SelectCluster(0, new HeaderLines([KeyValuePair.Create("x-random", "1")])).Cluster);
        Assert.Equal("a", action.SelectCluster(0, new HeaderLines([KeyValuePair.Create("x-random", "one")])).Cluster);
    }

    private static ForwardAction Weighted(params (string Name, uint Weight)[] clusters) => new()
    {
        Clusters = ClusterSelector.ByWeight([.. clusters.Select(static cluster => new WeightedCluster { Name = cluster.Name, Weight = cluster.Weight })]),
    };
}
