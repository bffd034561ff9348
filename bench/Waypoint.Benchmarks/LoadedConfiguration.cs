using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Load.Mesh;
using Waypoint.Model.Endpoints;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Snapshots;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Snapshots;
using Waypoint.Xds.Store;

namespace Waypoint.Benchmarks;

/// <summary>A configuration session that has taken all responses for a mesh.</summary>
internal sealed class LoadedConfiguration : ISnapshotSink, IAdsSubscriptions, IDisposable
{
    private readonly ConfigurationSession _session;
    private ProxySnapshot? _snapshot;

    public LoadedConfiguration(MeshShape mesh)
    {
        _session = new ConfigurationSession(this, new WorkloadStore(), TimeProvider.System, NullLogger<ConfigurationSession>.Instance);
        foreach (var response in (DeltaDiscoveryResponse[])[MeshResponses.Workloads(mesh), MeshResponses.Clusters(mesh), MeshResponses.Endpoints(mesh), MeshResponses.Listeners(mesh)])
            Apply(ToAds(response));
    }

    /// <summary>The chains of the newest snapshot.</summary>
    public FilterChainTable Chains => _snapshot?.FilterChains ?? throw new InvalidOperationException("Nothing was published.");

    /// <summary>Filter chains that were decoded so far.</summary>
    public long DecodedChains => _session.DecodedChains;

    /// <summary>A mesh with addresses that nobody dials.</summary>
    public static MeshShape Shape(int services, int routes) => new()
    {
        Waypoint = IPAddress.Loopback,
        Pods = [IPAddress.Parse("127.61.1.1"), IPAddress.Parse("127.61.1.2")],
        Services = services,
        Routes = routes,
        Policies = 0,
        Telemetry = false,
    };

    /// <summary>A response as the ADS client hands it on.</summary>
    public static AdsResponse ToAds(DeltaDiscoveryResponse response) => new(
        response.TypeUrl,
        response.SystemVersionInfo,
        [.. response.Resources.Select(static resource => new AdsResource(resource.Name, resource.Version, resource.Resource_.TypeUrl, resource.Resource_.Value))],
        []);

    /// <summary>Takes a response; a refusal throws.</summary>
    public void Apply(AdsResponse response)
    {
        var verdict = _session.ApplyAsync(response, this, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (!verdict.IsAck)
            throw new InvalidOperationException(verdict.Message);
    }

    public void Dispose() => _session.Dispose();

    void ISnapshotSink.Publish(ProxySnapshot snapshot) => _snapshot = snapshot;

    void ISnapshotSink.PublishEndpoints(string clusterName, ClusterEndpoints endpoints)
    {
    }

    void IAdsSubscriptions.SetNames(string typeUrl, IReadOnlyCollection<string> names)
    {
    }

    void IAdsSubscriptions.Add(string typeUrl, IReadOnlyCollection<string> names)
    {
    }

    void IAdsSubscriptions.Remove(string typeUrl, IReadOnlyCollection<string> names)
    {
    }
}
