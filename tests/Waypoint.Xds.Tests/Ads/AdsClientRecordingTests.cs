using Waypoint.ControlPlane.Recordings;
using Waypoint.Testing.Istiod;
using Waypoint.Xds.Ads;
using static Waypoint.ControlPlane.Ads.AdsServerEventKind;

namespace Waypoint.Xds.Tests.Ads;

public class AdsClientRecordingTests
{
    [Theory]
    [InlineData("05-httproute-weights-headers")]
    [InlineData("51-large")]
    public async Task Recording_PlayedThroughTheClient_EveryResourceArrivesAndStepsArriveLive(string scenario)
    {
        var recording = Recording.Load(Folder(scenario));
        await using var istiod = await FakeIstiod.StartAsync();
        var replay = new RecordingReplay(istiod.Ads, recording);
        var consumer = new ScriptedConsumer
        {
            Script = (response, subscriptions) =>
            {
                if (response.TypeUrl == XdsTypeUrls.Cluster)
                    subscriptions.Add(XdsTypeUrls.ClusterLoadAssignment, [.. response.Resources.Select(resource => resource.Name)]);
                return ValueTask.FromResult(AdsVerdict.Ack);
            },
        };
        await using var client = new RunningClient(istiod, consumer);

        Assert.Equal(Names(recording.First, XdsTypeUrls.Cluster), Names(await consumer.NextAsync(XdsTypeUrls.Cluster)));
        Assert.Superset(Names(recording.First, XdsTypeUrls.ClusterLoadAssignment), Names(await consumer.NextAsync(XdsTypeUrls.ClusterLoadAssignment)));
        Assert.Equal(Names(recording.First, XdsTypeUrls.Listener), Names(await consumer.NextAsync(XdsTypeUrls.Listener)));
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Listener);

        while (replay.ApplyNext() is { } step)
        {
            var listeners = recording.Steps.Single(played => played.Name == step).Pushes.Where(push => push.Push.TypeUrl == XdsTypeUrls.Listener);
            foreach (var push in listeners)
            {
                var arrived = await consumer.NextAsync(XdsTypeUrls.Listener);
                Assert.Equal(push.Push.Resources.Select(resource => resource.Resource_.Value), arrived.Resources.Select(resource => resource.Value));
            }
        }
        Assert.Equal(0, client.Client.Counters.Nacks + client.Client.Counters.Dropped + client.Client.Counters.Disconnects);
    }

    private static string Folder(string scenario)
    {
        foreach (var root in (Environment.GetEnvironmentVariable("WAYPOINT_RECORDINGS") ?? DefaultRoot()).Split([Path.PathSeparator, ',']))
        {
            var folder = Path.Combine(root, scenario);
            if (Directory.Exists(folder))
                return folder;
        }
        Assert.Skip($"no recording of {scenario}: set WAYPOINT_RECORDINGS to a folder that has it");
        return "";
    }

    private static string DefaultRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Waypoint.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.Parent?.FullName ?? "/", "shared", "istiod");
    }

    private static HashSet<string> Names(IEnumerable<RecordedPush> pushes, string typeUrl) =>
        [.. pushes.Where(push => push.Push.TypeUrl == typeUrl).SelectMany(push => push.Push.Resources).Select(resource => resource.Name)];

    private static HashSet<string> Names(AdsResponse response) => [.. response.Resources.Select(resource => resource.Name)];
}
