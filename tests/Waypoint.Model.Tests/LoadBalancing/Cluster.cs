using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.LoadBalancing;

namespace Waypoint.Model.Tests.LoadBalancing;

/// <summary>Builds sets of endpoints <c>10.0.0.N:80</c> and counts where picks go.</summary>
internal static class Cluster
{
    public static ClusterConfig Of(LoadBalancingPolicy policy, bool localityWeighted = false, double panic = 0, uint choices = 2) => new()
    {
        Name = "c",
        ContentHash = default,
        Discovery = ClusterDiscovery.Eds,
        EdsServiceName = "c",
        LoadBalancing = policy,
        LocalityWeighted = localityWeighted,
        PanicThresholdPercent = panic,
        LeastRequestChoiceCount = choices,
    };

    public static Endpoint Endpoint(int number, uint weight = 1, EndpointHealth health = EndpointHealth.Healthy) => new()
    {
        Kind = EndpointKind.Hbone,
        Address = new IPEndPoint(new IPAddress([10, 0, 0, (byte)number]), 80),
        AddressText = $"10.0.0.{number}:80",
        Weight = weight,
        Health = health,
    };

    public static LocalityEndpoints Locality(uint priority, params Endpoint[] endpoints) => new("r", "z", "", priority, 1, endpoints);

    public static EndpointSet Set(LoadBalancingPolicy policy, params Endpoint[] endpoints) =>
        EndpointSet.Create(new ClusterEndpoints([Locality(0, endpoints)]), Of(policy));

    /// <summary>Share of the picks per endpoint index; the source of random numbers is seeded.</summary>
    public static double[] Shares(EndpointSet set, int picks = 20_000, params uint[] active)
    {
        var state = new LoadBalancerState(new Random(7));
        var load = new ScriptedLoad(active);
        var counts = new int[set.Endpoints.Length];
        for (int i = 0; i < picks; i++)
        {
            PickedEndpoint picked = set.Pick(new PickContext { State = state, Load = load });
            Assert.True(picked.Index >= 0);
            Assert.Same(set.Endpoints[picked.Index], picked.Endpoint);
            counts[picked.Index]++;
        }

        return Array.ConvertAll(counts, c => (double)c / picks);
    }
}
