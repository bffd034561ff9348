using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Snapshots;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Snapshots;
using Waypoint.Xds.Store;

namespace Waypoint.Conformance.Tests.Recordings;

/// <summary>Hands responses to a configuration session as the ADS client does, and keeps what comes out. Time stands still.</summary>
internal sealed class RecordingPlayer : ISnapshotSink, IAdsSubscriptions, IDisposable
{
    private readonly ConfigurationSession _session;

    public RecordingPlayer() => _session = new ConfigurationSession(this, Workloads, TimeProvider.System, NullLogger<ConfigurationSession>.Instance);

    /// <summary>The workloads of WDS.</summary>
    public WorkloadStore Workloads { get; } = new();

    /// <summary>The snapshot in force.</summary>
    public ProxySnapshot? Snapshot { get; private set; }

    /// <summary>Newest endpoints by cluster.</summary>
    public Dictionary<string, ClusterEndpoints> Endpoints { get; } = new(StringComparer.Ordinal);

    /// <summary>Names that are subscribed to, by type.</summary>
    public Dictionary<string, HashSet<string>> Subscribed { get; } = new(StringComparer.Ordinal);

    /// <summary>Texts of the NACKs so far.</summary>
    public List<string> Refusals { get; } = [];

    /// <summary>The session, for what it alone knows.</summary>
    public ConfigurationSession Session => _session;

    /// <summary>Applies one response.</summary>
    public async Task<AdsVerdict> ApplyAsync(DeltaDiscoveryResponse message)
    {
        var response = new AdsResponse(
            message.TypeUrl,
            message.SystemVersionInfo,
            [.. message.Resources.Select(r => new AdsResource(r.Name, r.Version, r.Resource_.TypeUrl, r.Resource_.Value))],
            [.. message.RemovedResources]);
        AdsVerdict verdict = await _session.ApplyAsync(response, this, CancellationToken.None);
        if (!verdict.IsAck)
            Refusals.Add($"{XdsTypeUrls.ShortName(message.TypeUrl)}: {verdict.Message}");
        return verdict;
    }

    public void Publish(ProxySnapshot snapshot) => Snapshot = snapshot;

    public void PublishEndpoints(string clusterName, ClusterEndpoints endpoints) => Endpoints[clusterName] = endpoints;

    public void SetNames(string typeUrl, IReadOnlyCollection<string> names) => Subscribed[typeUrl] = [.. names];

    public void Add(string typeUrl, IReadOnlyCollection<string> names) => Of(typeUrl).UnionWith(names);

    public void Remove(string typeUrl, IReadOnlyCollection<string> names) => Of(typeUrl).ExceptWith(names);

    public void Dispose() => _session.Dispose();

    private HashSet<string> Of(string typeUrl)
    {
        if (!Subscribed.TryGetValue(typeUrl, out HashSet<string>? names))
            Subscribed.Add(typeUrl, names = []);
        return names;
    }
}
