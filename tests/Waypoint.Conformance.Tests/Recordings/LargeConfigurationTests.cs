using System.Diagnostics;
using Waypoint.Model.Snapshots;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Xds.Ads;

namespace Waypoint.Conformance.Tests.Recordings;

/// <summary>200 services, 617 chains, 620 clusters, and one changed HTTPRoute, for which istiod sends all of it again.</summary>
public sealed class LargeConfigurationTests(ITestOutputHelper output)
{
    private const string Name = "51-large/recorded";
    private const int ChangedChains = 2;

    [Fact]
    public async Task Apply_OneChangedRoute_OnlyItsChainsAreBuiltAnew()
    {
        List<DeltaDiscoveryResponse> responses = Responses();
        using var player = new RecordingPlayer();
        int firstListener = responses.FindIndex(r => r.TypeUrl == XdsTypeUrls.Listener);
        foreach (DeltaDiscoveryResponse response in responses.Take(firstListener + 1))
            await player.ApplyAsync(response);
        ProxySnapshot before = player.Snapshot!;
        long decoded = player.Session.DecodedChains;
        Assert.Equal(before.FilterChains.Chains.Count, decoded);

        foreach (DeltaDiscoveryResponse response in responses.Skip(firstListener + 1))
            await player.ApplyAsync(response);

        ProxySnapshot after = player.Snapshot!;
        Assert.Empty(player.Refusals);
        Assert.Equal(decoded + ChangedChains, player.Session.DecodedChains);
        Assert.Equal(before.Version + 1, after.Version);
        Assert.Same(before.Clusters, after.Clusters);
        Assert.Same(before.Termination, after.Termination);
        Assert.Same(before.Origination, after.Origination);
        Assert.Equal(before.FilterChains.Chains.Count, after.FilterChains.Chains.Count);
        Assert.Equal(ChangedChains, after.FilterChains.Chains.Values.Count(chain => !ReferenceEquals(chain, before.FilterChains.Chains[chain.Name])));
    }

    [Fact]
    public async Task Apply_TheSamePushAgain_NothingIsPublished()
    {
        List<DeltaDiscoveryResponse> responses = Responses();
        using var player = new RecordingPlayer();
        foreach (DeltaDiscoveryResponse response in responses)
            await player.ApplyAsync(response);
        ProxySnapshot before = player.Snapshot!;
        player.Endpoints.Clear();

        foreach (DeltaDiscoveryResponse response in responses.TakeLast(3))
            Assert.True((await player.ApplyAsync(response)).IsAck);

        Assert.Same(before, player.Snapshot);
        Assert.Empty(player.Endpoints);
    }

    /// <summary>Asserts nothing about time: it prints what the first configuration, one change and a repeated push cost (parsing of the response apart).</summary>
    [Fact]
    public async Task Measure_FirstSnapshotAndOneChange()
    {
        List<DeltaDiscoveryResponse> responses = Responses();
        int firstListener = responses.FindIndex(r => r.TypeUrl == XdsTypeUrls.Listener);
        const int Rounds = 7;
        for (int round = 0; round < Rounds; round++)
        {
            using var player = new RecordingPlayer();
            double first = await CostAsync(player, responses.Take(firstListener + 1));
            double change = await CostAsync(player, responses.Skip(firstListener + 1));
            double again = await CostAsync(player, responses.TakeLast(3));
            output.WriteLine($"round {round}: first {first:F1} ms, one changed route {change:F1} ms, the same again {again:F1} ms");
        }
    }

    private static async Task<double> CostAsync(RecordingPlayer player, IEnumerable<DeltaDiscoveryResponse> responses)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (DeltaDiscoveryResponse response in responses)
            await player.ApplyAsync(response);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static List<DeltaDiscoveryResponse> Responses()
    {
        Recording? recording = Recording.FindAll().SingleOrDefault(r => r.Name == Name);
        if (recording is null)
            Assert.Skip("recordings are absent: set WAYPOINT_RECORDINGS");
        return [.. recording.Responses()];
    }
}
