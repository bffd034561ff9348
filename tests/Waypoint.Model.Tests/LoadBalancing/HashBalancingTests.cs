using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Hashing;
using Waypoint.Model.LoadBalancing;

namespace Waypoint.Model.Tests.LoadBalancing;

public sealed class HashBalancingTests
{
    [Theory]
    [InlineData(LoadBalancingPolicy.RingHash)]
    [InlineData(LoadBalancingPolicy.Maglev)]
    public void Pick_SameHash_SameEndpoint(LoadBalancingPolicy policy)
    {
        EndpointSet set = Set(policy, 5);
        var state = new LoadBalancerState(new Random(1));
        for (ulong key = 0; key < 50; key++)
        {
            ulong hash = key * 0x9E37_79B9_7F4A_7C15;
            int first = Pick(set, state, hash);
            Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(first, Pick(set, state, hash)));
        }
    }

    [Theory]
    [InlineData(LoadBalancingPolicy.RingHash, 0.05)]
    [InlineData(LoadBalancingPolicy.Maglev, 0.015)]
    public void Pick_WithoutHash_RandomByShareOfPlaces(LoadBalancingPolicy policy, double tolerance)
    {
        double[] shares = Cluster.Shares(Set(policy, 4));
        Assert.All(shares, share => Assert.Equal(0.25, share, tolerance));
    }

    [Theory]
    [InlineData(LoadBalancingPolicy.RingHash)]
    [InlineData(LoadBalancingPolicy.Maglev)]
    public void Pick_WeightThree_ThreeTimesAsOften(LoadBalancingPolicy policy)
    {
        EndpointSet set = Cluster.Set(policy, Cluster.Endpoint(1, 1), Cluster.Endpoint(2, 3));
        Assert.Equal(0.25, Cluster.Shares(set)[0], 0.04);
    }

    [Theory]
    [InlineData(LoadBalancingPolicy.RingHash, 0.15)]
    [InlineData(LoadBalancingPolicy.Maglev, 0.1)]
    public void Pick_OneOfFourEndpointsGone_HardlyAnyOtherKeyMoves(LoadBalancingPolicy policy, double most)
    {
        EndpointSet before = Set(policy, 4);
        EndpointSet after = Cluster.Set(policy, Cluster.Endpoint(1), Cluster.Endpoint(2), Cluster.Endpoint(4));
        var state = new LoadBalancerState(new Random(1));
        int moved = 0;
        for (ulong key = 0; key < 2000; key++)
        {
            ulong hash = XxHash64.Of($"user-{key}");
            string was = before.Endpoints[Pick(before, state, hash)].AddressText;
            string now = after.Endpoints[Pick(after, state, hash)].AddressText;
            if (was != now && was != "10.0.0.3:80")
                moved++;
        }

        Assert.InRange(moved / 2000.0, 0, most);
    }

    [Fact]
    public void Pick_RingTriedBefore_NextPlaceOnTheRing()
    {
        EndpointSet set = Set(LoadBalancingPolicy.RingHash, 3);
        var state = new LoadBalancerState(new Random(1));
        Endpoint first = set.Endpoints[Pick(set, state, 42)];
        var context = new PickContext { State = state, Load = new ScriptedLoad(), Hash = 42, Tried = new[] { first }, MaxRepicks = 100 };
        Assert.NotEqual(first.AddressText, set.Pick(in context).Endpoint!.AddressText);
        Assert.Equal(set.Pick(in context).Index, set.Pick(in context).Index);
    }

    [Fact]
    public void Pick_HashAndTwoPriorities_PriorityFollowsTheHash()
    {
        var assignment = new ClusterEndpoints(
        [
            Cluster.Locality(0, Cluster.Endpoint(1), Cluster.Endpoint(2, health: EndpointHealth.Unhealthy)),
            Cluster.Locality(1, Cluster.Endpoint(3)),
        ]);
        EndpointSet set = EndpointSet.Create(assignment, Cluster.Of(LoadBalancingPolicy.RingHash));
        var state = new LoadBalancerState(new Random(1));
        // 70 % belong to the first priority: hashes modulo 100 below that.
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(0, Pick(set, state, 69)));
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(2, Pick(set, state, 70)));
    }

    [Fact]
    public void Build_RingOfManyHosts_NotLargerThanItsMaximum()
    {
        PlacedHost[] hosts = [.. Enumerable.Range(0, 100).Select(i => new PlacedHost($"h{i}", i == 0 ? 0.001 : 0.999 / 99))];
        HashRing ring = HashRing.Build(hosts, new ConsistentHashConfig { MinimumRingSize = 500, MaximumRingSize = 600 });
        Assert.Equal(600, ring.Positions.Count);
        Assert.Equal(ring.Positions.Order(), ring.Positions);
    }

    [Fact]
    public void Build_MaglevTable_EveryPlaceTakenAndSharesEven()
    {
        PlacedHost[] hosts = [.. Enumerable.Range(0, 7).Select(i => new PlacedHost($"10.0.0.{i}:80", 1.0 / 7))];
        MaglevTable table = MaglevTable.Build(hosts, 503);
        int[] counts = new int[7];
        for (int i = 0; i < table.Size; i++)
            counts[table.HostAt(i)]++;
        Assert.All(counts, count => Assert.InRange(count, 71, 72));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(8, false)]
    [InlineData(5003, true)]
    [InlineData(65537, true)]
    [InlineData(65536, false)]
    public void IsPrime_Size_AsArithmeticSays(ulong size, bool expected) => Assert.Equal(expected, ConsistentHashConfig.IsPrime(size));

    private static EndpointSet Set(LoadBalancingPolicy policy, int endpoints) =>
        Cluster.Set(policy, [.. Enumerable.Range(1, endpoints).Select(i => Cluster.Endpoint(i))]);

    private static int Pick(EndpointSet set, LoadBalancerState state, ulong hash) =>
        set.Pick(new PickContext { State = state, Load = new ScriptedLoad(), Hash = hash }).Index;
}
