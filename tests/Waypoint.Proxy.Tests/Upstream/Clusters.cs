using System.Net;
using Microsoft.Extensions.Logging;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Outliers;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Upstream;

/// <summary>Builds clusters with endpoints <c>10.0.0.N:80</c> that nobody connects to.</summary>
internal static class Clusters
{
    public static ClusterConfig Config(OutlierDetectionConfig? outliers = null, SlowStartConfig? slowStart = null, double panic = 0) => new()
    {
        Name = "reviews",
        ContentHash = default,
        Discovery = ClusterDiscovery.Eds,
        EdsServiceName = "reviews",
        LoadBalancing = LoadBalancingPolicy.RoundRobin,
        PanicThresholdPercent = panic,
        OutlierDetection = outliers,
        SlowStart = slowStart,
    };

    /// <summary>Endpoint N in locality N of priority N - 1.</summary>
    public static ClusterEndpoints Priorities(int count) =>
        new([.. Enumerable.Range(1, count).Select(static n => new LocalityEndpoints("r", $"z{n}", "", (uint)n - 1, 1, [Endpoint(n)]))]);

    public static ClusterEndpoints Flat(params Endpoint[] endpoints) => new([new LocalityEndpoints("r", "z", "", 0, 1, endpoints)]);

    public static Endpoint Endpoint(int number, EndpointHealth health = EndpointHealth.Healthy) => new()
    {
        Kind = EndpointKind.Hbone,
        Address = new IPEndPoint(new IPAddress([10, 0, 0, (byte)number]), 80),
        AddressText = $"10.0.0.{number}:80",
        Health = health,
    };

    public static ClusterRuntime Runtime(ClusterConfig config, ClusterEndpoints endpoints, TimeProvider time, ILogger<ClusterRuntime> logger) =>
        new(config, endpoints, new UpstreamHandlerFactory(null!, null!, time), logger);

    public static string? Pick(ClusterRuntime cluster) => cluster.State.Pick(null, default)?.Endpoint.AddressText;

    public static EndpointRuntime Endpoint(ClusterRuntime cluster, int number)
    {
        foreach (EndpointRuntime endpoint in cluster.State.Endpoints)
        {
            if (endpoint.Endpoint.AddressText == $"10.0.0.{number}:80")
            {
                return endpoint;
            }
        }

        throw new InvalidOperationException($"no endpoint {number}");
    }
}
