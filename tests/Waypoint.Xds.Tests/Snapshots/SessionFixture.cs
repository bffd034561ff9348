using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Model.Endpoints;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Snapshots;
using Waypoint.Testing.Time;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Snapshots;
using Waypoint.Xds.Store;

namespace Waypoint.Xds.Tests.Snapshots;

/// <summary>A configuration session with a sink and subscriptions that remember, and a clock that stands still.</summary>
internal sealed class SessionFixture : ISnapshotSink, IAdsSubscriptions, IDisposable
{
    public SessionFixture() => Session = new ConfigurationSession(this, new WorkloadStore(), Time, NullLogger<ConfigurationSession>.Instance);

    public FakeTimeProvider Time { get; } = new();

    public ConfigurationSession Session { get; }

    /// <summary>Everything published, in order.</summary>
    public List<ProxySnapshot> Snapshots { get; } = [];

    /// <summary>Names of clusters whose endpoints were published, in order.</summary>
    public List<string> EndpointUpdates { get; } = [];

    public Dictionary<string, ClusterEndpoints> Endpoints { get; } = new(StringComparer.Ordinal);

    public HashSet<(string Type, string Name)> Subscribed { get; } = [];

    public ProxySnapshot Snapshot => Snapshots[^1];

    public FilterChain? Chain(string name) => Snapshot.FilterChains.Chains.GetValueOrDefault(name);

    /// <summary>Applies a response that must be accepted.</summary>
    public async Task AcceptAsync(AdsResponse response)
    {
        AdsVerdict verdict = await ApplyAsync(response);
        Assert.True(verdict.IsAck, verdict.Message);
    }

    /// <summary>Applies a response that must be refused; returns the text of the NACK.</summary>
    public async Task<string> RefuseAsync(AdsResponse response)
    {
        AdsVerdict verdict = await ApplyAsync(response);
        Assert.False(verdict.IsAck, "accepted");
        return verdict.Message!;
    }

    public async Task<AdsVerdict> ApplyAsync(AdsResponse response) => await Session.ApplyAsync(response, this, CancellationToken.None);

    public void Publish(ProxySnapshot snapshot) => Snapshots.Add(snapshot);

    public void PublishEndpoints(string clusterName, ClusterEndpoints endpoints)
    {
        EndpointUpdates.Add(clusterName);
        Endpoints[clusterName] = endpoints;
    }

    public void SetNames(string typeUrl, IReadOnlyCollection<string> names)
    {
        Subscribed.RemoveWhere(s => s.Type == typeUrl);
        Add(typeUrl, names);
    }

    public void Add(string typeUrl, IReadOnlyCollection<string> names) => Subscribed.UnionWith(names.Select(name => (typeUrl, name)));

    public void Remove(string typeUrl, IReadOnlyCollection<string> names) => Subscribed.ExceptWith(names.Select(name => (typeUrl, name)));

    public void Dispose() => Session.Dispose();
}
