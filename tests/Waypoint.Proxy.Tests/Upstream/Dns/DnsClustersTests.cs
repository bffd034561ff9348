using System.Collections.Frozen;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Snapshots;
using Waypoint.Proxy.Snapshots;
using Waypoint.Proxy.Upstream;
using Waypoint.Proxy.Upstream.Dns;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Upstream.Dns;

/// <summary>DNS clusters from the snapshot to endpoints that can be picked.</summary>
public sealed class DnsClustersTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedResolver _resolver = new();
    private readonly ActiveSnapshot _snapshots = new();
    private readonly NameTable _names;
    private readonly DnsClusters _clusters;

    public DnsClustersTests()
    {
        _names = new NameTable(_resolver, _time, NullLogger<NameTable>.Instance);
        // Nothing is connected here, so no connector is needed.
        _snapshots.UseHandlers(new UpstreamHandlerFactory(null!, _names, _time));
        _clusters = new DnsClusters(_snapshots, _names);
    }

    public async ValueTask DisposeAsync()
    {
        _clusters.Dispose();
        await _names.DisposeAsync();
    }

    [Fact]
    public async Task Publish_StrictDns_OneEndpointPerAddress()
    {
        _resolver.Answer("a.example", 30, "10.0.0.1", "10.0.0.2");
        await PublishAsync(Cluster("a", ClusterDiscovery.StrictDns, "a.example:8443"));

        Assert.Equal(["10.0.0.1:8443", "10.0.0.2:8443"], Addresses("a"));
    }

    [Fact]
    public async Task Publish_LogicalDns_OneEndpointByName()
    {
        _resolver.Answer("a.example", 30, "10.0.0.1", "10.0.0.2");
        await PublishAsync(Cluster("a", ClusterDiscovery.LogicalDns, "a.example:8443"));

        Assert.Equal(["a.example:8443"], Addresses("a"));
    }

    [Fact]
    public async Task Publish_NameBesideAnAddress_Both()
    {
        _resolver.Answer("a.example", 30, "10.0.0.1");
        await PublishAsync(Cluster("a", ClusterDiscovery.StrictDns, "a.example:80", "10.9.9.9:80"));

        Assert.Equal(["10.0.0.1:80", "10.9.9.9:80"], Addresses("a"));
    }

    [Fact]
    public async Task Publish_AddressesChange_EndpointsThatStayKeepTheirPools()
    {
        _resolver.Answer("a.example", 30, "10.0.0.1", "10.0.0.2").Answer("a.example", 30, "10.0.0.2", "10.0.0.3");
        await PublishAsync(Cluster("a", ClusterDiscovery.StrictDns, "a.example:80"));
        EndpointRuntime kept = _snapshots.Current.Clusters["a"].State.Endpoints[1];
        await _time.NextTimerAsync();

        _time.Advance(TimeSpan.FromSeconds(30));
        await _time.NextTimerAsync();

        Assert.Equal(["10.0.0.2:80", "10.0.0.3:80"], Addresses("a"));
        Assert.Same(kept, _snapshots.Current.Clusters["a"].State.Endpoints[0]);
    }

    [Fact]
    public async Task Acquire_NameThatNobodyAnswersFor_OtherClustersServeAndThisOneWaitsItsTimeOnly()
    {
        _resolver.Answer("good.example", 30, "10.0.0.1");
        Publish(Cluster("slow", ClusterDiscovery.StrictDns, "silent.example:80"), Cluster("good", ClusterDiscovery.StrictDns, "good.example:80"));
        ClusterRuntime slow = _snapshots.Current.Clusters["slow"], good = _snapshots.Current.Clusters["good"];
        Task<(EndpointRuntime? Endpoint, FailureReason Failure)> waiting = AcquireAsync(slow);

        await good.NamesAnswered.WaitAsync(Patience);
        Assert.NotNull(EndpointPicker.Pick(good, null, null, out _));
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null((await waiting.WaitAsync(Patience)).Endpoint);
    }

    [Fact]
    public async Task Acquire_DynamicForward_HostOfTheRequestResolvedAndReused()
    {
        _resolver.Answer("a.wild.example", 30, "10.0.0.1");
        Publish(Dynamic(maxHosts: 2));
        ClusterRuntime cluster = _snapshots.Current.Clusters["wild"];

        (EndpointRuntime? first, FailureReason failure) = await AcquireAsync(cluster, "a.wild.example").WaitAsync(Patience);
        (EndpointRuntime? second, _) = await AcquireAsync(cluster, "A.wild.example:80").WaitAsync(Patience);

        Assert.Equal(FailureReason.None, failure);
        Assert.Same(first, second);
        Assert.Equal("a.wild.example:80", first!.Endpoint.AddressText);
        Assert.Single(_resolver.Asked);
    }

    [Fact]
    public async Task Acquire_DynamicForwardWithoutAddress_DnsFailure()
    {
        _resolver.Answer("none.wild.example", 30);
        Publish(Dynamic(maxHosts: 2));

        Assert.Equal((null, FailureReason.DnsResolutionFailed), await AcquireAsync(_snapshots.Current.Clusters["wild"], "none.wild.example").WaitAsync(Patience));
        Assert.Equal((null, FailureReason.DnsResolutionFailed), await AcquireAsync(_snapshots.Current.Clusters["wild"], "no host").WaitAsync(Patience));
    }

    [Fact]
    public async Task Acquire_DynamicForwardIsFull_OverflowUntilAHostIsForgotten()
    {
        foreach (string name in (string[])["a", "b", "c"])
            _resolver.Answer(name + ".wild.example", 3600, "10.0.0.1");
        Publish(Dynamic(maxHosts: 2));
        ClusterRuntime cluster = _snapshots.Current.Clusters["wild"];
        foreach (string name in (string[])["a", "b"])
            (await AcquireAsync(cluster, name + ".wild.example").WaitAsync(Patience)).Endpoint!.Release();

        Assert.Equal(FailureReason.Overflow, (await AcquireAsync(cluster, "c.wild.example").WaitAsync(Patience)).Failure);
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(FailureReason.None, (await AcquireAsync(cluster, "c.wild.example").WaitAsync(Patience)).Failure);
        Assert.Equal(1, cluster.DynamicHosts.Count);
    }

    [Fact]
    public async Task Publish_ClusterIsRemoved_ItsNameIsNotAskedForAnyMore()
    {
        _resolver.Answer("a.example", 30, "10.0.0.1");
        await PublishAsync(Cluster("a", ClusterDiscovery.StrictDns, "a.example:80"));

        Publish();

        Assert.Equal(0, _names.Count);
    }

    private static Task<(EndpointRuntime? Endpoint, FailureReason Failure)> AcquireAsync(ClusterRuntime cluster, string? authority = null) =>
        HostResolution.AcquireAsync(cluster, cluster.State, authority, null, TestContext.Current.CancellationToken).AsTask();

    private string[] Addresses(string cluster)
    {
        var addresses = new List<string>();
        foreach (EndpointRuntime endpoint in _snapshots.Current.Clusters[cluster].State.Endpoints)
            addresses.Add(endpoint.Endpoint.AddressText);
        return [.. addresses];
    }

    private async Task PublishAsync(ClusterConfig cluster)
    {
        Publish(cluster);
        await _snapshots.Current.Clusters[cluster.Name].NamesAnswered.WaitAsync(Patience);
    }

    private void Publish(params ClusterConfig[] clusters) => _snapshots.Publish(new ProxySnapshot
    {
        Version = _snapshots.Current.Config.Version + 1,
        Termination = null,
        Origination = null,
        FilterChains = FilterChainTable.Empty,
        Clusters = clusters.ToFrozenDictionary(static c => c.Name, StringComparer.Ordinal),
    });

    private static ClusterConfig Cluster(string name, ClusterDiscovery discovery, params string[] endpoints) => new()
    {
        Name = name,
        ContentHash = new(0, 1),
        Discovery = discovery,
        EdsServiceName = name,
        Dns = new DnsSettings { RespectTtl = true },
        NamedEndpoints = new ClusterEndpoints([new LocalityEndpoints("", "", "", 0, 0, [.. endpoints.Select(Parse)])]),
    };

    private static ClusterConfig Dynamic(int maxHosts) => new()
    {
        Name = "wild",
        ContentHash = new(0, 1),
        Discovery = ClusterDiscovery.DynamicForwardProxy,
        EdsServiceName = "wild",
        InlineEndpoints = ClusterEndpoints.Empty,
        DynamicForward = new DynamicForwardSettings { MaxHosts = maxHosts },
    };

    private static Endpoint Parse(string text) => IPEndPoint.TryParse(text, out IPEndPoint? address)
        ? new Endpoint { Kind = EndpointKind.Direct, Address = address, AddressText = text }
        : new Endpoint { Kind = EndpointKind.HostName, AddressText = text };
}
