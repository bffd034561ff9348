using Waypoint.ControlPlane.Ads;
using Waypoint.ControlPlane.Recordings;
using Waypoint.ControlPlane.Tests.Ads;
using Waypoint.Testing.Istiod;
using static Waypoint.ControlPlane.Tests.TypeUrls;

namespace Waypoint.ControlPlane.Tests.Recordings;

public class RecordingReplayTests
{
    private readonly RecordingFolder _folder = new RecordingFolder()
        .Response("", Cds, "a").Response("add", Cds, "a", "b").Request("add").Response("add", Eds, "b").Response("again", Cds, "a", "b", "c");

    [Fact]
    public async Task ApplyThrough_BeforeTheClient_StateOfThatStep()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        var replay = new RecordingReplay(istiod.Ads, Recording.Load(_folder.Write()));

        replay.ApplyThrough("add");

        Assert.Equal(["again"], replay.Remaining);
        Assert.Equal(["a", "b"], await FirstClustersAsync(istiod));
        _folder.Dispose();
    }

    [Fact]
    public async Task ApplyNext_ClientConnected_PushedButNotWhatOnlyAnsweredARequest()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        var replay = new RecordingReplay(istiod.Ads, Recording.Load(_folder.Write()));
        await using var client = new BareClient(istiod);
        await client.SubscribeAsync(Cds);
        await client.HearAsync();
        await client.SubscribeAsync(Eds, "b");
        await client.HearAsync();

        Assert.Equal("add", replay.ApplyNext());
        Assert.Equal("again", replay.ApplyNext());
        Assert.Null(replay.ApplyNext());

        Assert.Equal([Cds, Cds], new[] { (await client.HearAsync()).TypeUrl, (await client.HearAsync()).TypeUrl });
        _folder.Dispose();
    }

    [Fact]
    public void ApplyThrough_UnknownStep_NamesWhatThereIs()
    {
        var replay = new RecordingReplay(new AdsServer(new AdsServerOptions()), Recording.Load(_folder.Write()));

        Assert.Contains("there is no step 'ad'; the recording has add, again", Assert.Throws<ArgumentException>(() => replay.ApplyThrough("ad")).Message, StringComparison.Ordinal);
        Assert.Equal(["add", "again"], replay.Remaining);
        _folder.Dispose();
    }

    private static async Task<IEnumerable<string>> FirstClustersAsync(FakeIstiod istiod)
    {
        await using var client = new BareClient(istiod);
        await client.SubscribeAsync(Cds);
        return (await client.HearAsync()).Resources.Select(resource => resource.Name).Order(StringComparer.Ordinal);
    }
}
