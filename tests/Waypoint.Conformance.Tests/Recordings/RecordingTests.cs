using Waypoint.Model.FilterChains;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.Conformance.Tests.Recordings;

public sealed class RecordingTests(ITestOutputHelper output)
{
    private const string NoData = "absent";

    public static IEnumerable<TheoryDataRow<string>> Names()
    {
        string[] names = [.. Recording.FindAll().Select(r => r.Name)];
        return (names.Length == 0 ? [NoData] : names).Select(name => new TheoryDataRow<string>(name) { TestDisplayName = $"Recording {name}" });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Apply_EveryStepOfARecording_AcceptedOrRefusedByName(string name)
    {
        Recording recording = Find(name);
        using var player = new RecordingPlayer();
        foreach (DeltaDiscoveryResponse response in recording.Responses())
            await player.ApplyAsync(response);
        foreach (string refusal in player.Refusals)
            output.WriteLine(refusal);

        if (RefusedRecordings.Load().TryGetValue(name, out string[]? reasons))
        {
            Assert.NotEmpty(player.Refusals);
            Assert.All(player.Refusals, refusal => Assert.Contains(reasons, reason => refusal.Contains(reason, StringComparison.Ordinal)));
        }
        else
        {
            Assert.Empty(player.Refusals);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Apply_EveryStepOfARecording_WholeConfigurationIsLive(string name)
    {
        Recording recording = Find(name);
        using var player = new RecordingPlayer();
        foreach (DeltaDiscoveryResponse response in recording.Responses())
            await player.ApplyAsync(response);

        Assert.NotNull(player.Snapshot);
        Assert.NotNull(player.Snapshot.Termination);
        Assert.NotNull(player.Snapshot.Origination);
        Assert.Contains("encap", player.Snapshot.Clusters.Keys);
        Assert.True(player.Snapshot.FilterChains.Chains.ContainsKey("direct-tcp"));
        Assert.True(player.Workloads.Count > 0);
        foreach (FilterChain chain in player.Snapshot.FilterChains.Chains.Values)
            Assert.True(chain.RefusedBecause is not null || chain.Http is not null ^ chain.Tcp is not null, chain.Name);
        Assert.True(player.Session.Configured.IsCompleted);
    }

    private static Recording Find(string name)
    {
        if (name == NoData)
            Assert.Skip("recordings are absent: set WAYPOINT_RECORDINGS");
        return Recording.FindAll().Single(r => r.Name == name);
    }
}
