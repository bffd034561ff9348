using Waypoint.ControlPlane.Ads;
using Waypoint.Grpc;
using Waypoint.Testing.Istiod;
using Waypoint.Testing.Time;
using Waypoint.Xds.Ads;
using static Waypoint.ControlPlane.Ads.AdsServerEventKind;
using static Waypoint.Xds.Tests.Ads.XdsResources;

namespace Waypoint.Xds.Tests.Ads;

public class AdsReconnectTests
{
    private static readonly GrpcStatus GoingAway = new(GrpcStatusCode.Unavailable, "istiod is going away");

    [Fact]
    public async Task Reconnect_AfterNack_RejectedVersionIsNotAdvertised()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Workloads(("good", "v1"), ("changed", "v1")));
        var consumer = new ScriptedConsumer
        {
            Script = (response, _) => ValueTask.FromResult(response.Resources.Any(resource => resource.Version == "v2") ? AdsVerdict.Nack("v2 is bad", ["changed", "new"]) : AdsVerdict.Ack),
        };
        await using var client = new RunningClient(istiod, consumer);
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Workload);
        istiod.Ads.Push(Workloads(("changed", "v2"), ("new", "v2")));
        await istiod.NextAsync(Refused, XdsTypeUrls.Workload);

        istiod.Ads.EndStreams(GoingAway);

        var again = await istiod.NextAsync(Subscribed, XdsTypeUrls.Workload);
        Assert.Equal(2, again.Stream);
        Assert.Equal(
            [("changed", "v1"), ("good", "v1"), ("new", "")],
            again.Request!.InitialResourceVersions.Select(held => (held.Key, held.Value)).Order());
        Assert.Equal(["changed", "new"], (await istiod.NextAsync(Sent, XdsTypeUrls.Workload)).Response!.Resources.Select(resource => resource.Name).Order());
    }

    [Fact]
    public async Task Reconnect_ClusterDeletedMeanwhile_RemovalIsTold()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("stays", "goes"));
        var consumer = new ScriptedConsumer();
        await using var client = new RunningClient(istiod, consumer);
        Assert.Equal(2, (await consumer.NextAsync(XdsTypeUrls.Cluster)).Resources.Count);
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);

        await istiod.StopAsync();
        istiod.Ads.Apply(new AdsPush(XdsTypeUrls.Cluster, [], ["goes"]));
        await istiod.RestartAsync();

        Assert.Equal(["goes"], (await consumer.NextAsync(XdsTypeUrls.Cluster)).RemovedNames);
    }

    [Fact]
    public async Task Reconnect_NamedSubscriptions_AskedForAgainAndListenersAtOnce()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("a", "b"), Listeners("main_internal"));
        var consumer = new ScriptedConsumer
        {
            Script = (response, subscriptions) =>
            {
                if (response.TypeUrl == XdsTypeUrls.Cluster)
                    subscriptions.SetNames(XdsTypeUrls.ClusterLoadAssignment, ["a", "b"]);
                return ValueTask.FromResult(AdsVerdict.Ack);
            },
        };
        await using var client = new RunningClient(istiod, consumer);
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Listener);

        istiod.Ads.EndStreams(GoingAway);

        await istiod.NextAsync(Connected);
        List<AdsServerEvent> asked = [];
        while (asked.Count < 4)
            asked.Add(await istiod.NextAsync(Subscribed));
        Assert.Equal([XdsTypeUrls.Workload, XdsTypeUrls.Cluster, XdsTypeUrls.ClusterLoadAssignment, XdsTypeUrls.Listener], asked.Select(e => e.TypeUrl));
        Assert.Equal(["a", "b"], asked[2].Request!.ResourceNamesSubscribe.Order());
        Assert.Equal(["a", "b"], asked[2].Request!.InitialResourceVersions.Keys.Order());
        Assert.Equal(["main_internal"], asked[3].Request!.InitialResourceVersions.Keys);
        Assert.Equal("Unavailable: istiod is going away", client.Client.LastDisconnect);
    }

    [Fact]
    public async Task Reconnect_Token_ReadAfresh()
    {
        List<string?> seen = [];
        await using var istiod = await FakeIstiod.StartAsync(new AdsServerOptions
        {
            Admit = (context, _) =>
            {
                seen.Add(context.Header("authorization"));
                return null;
            },
        });
        var reads = 0;
        await using var client = new RunningClient(istiod, new ScriptedConsumer(), options => options with
        {
            Channel = options.Channel with { BearerToken = _ => ValueTask.FromResult<string?>($"token-{++reads}") },
        });
        await istiod.NextAsync(Acknowledged);

        istiod.Ads.EndStreams(GoingAway);
        await istiod.NextAsync(Connected);

        Assert.Equal(["Bearer token-1", "Bearer token-2"], seen);
    }

    [Fact]
    public async Task Connect_Refused_DelaysDoubleUpToTheCapAndStateSaysWhy()
    {
        var time = new FakeTimeProvider();
        await using var istiod = await FakeIstiod.StartAsync(new AdsServerOptions { Admit = (_, _) => new GrpcStatus(GrpcStatusCode.Unauthenticated, "bad token") });
        await using var client = new RunningClient(istiod, new ScriptedConsumer(), options => options with { Time = time, Random = new FixedRandom(1) });

        foreach (var seconds in (double[])[0.5, 1, 2, 4, 8, 16, 30, 30])
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), await time.NextTimerAsync());
            Assert.Equal("Unauthenticated: bad token", client.Client.LastDisconnect);
            Assert.Equal(AdsConnectionState.BackingOff, client.Client.State);
            time.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    [Fact]
    public async Task Backoff_OnlyRefusedResponses_NotReset_AcceptedOne_Reset()
    {
        var time = new FakeTimeProvider();
        await using var istiod = await FakeIstiod.StartAsync();
        var accept = false;
        var consumer = new ScriptedConsumer { Script = (_, _) => ValueTask.FromResult(accept ? AdsVerdict.Ack : AdsVerdict.Nack("no", [])) };
        await using var client = new RunningClient(istiod, consumer, options => options with { Time = time, Random = new FixedRandom(1) });
        foreach (var seconds in (double[])[0.5, 1])
        {
            await istiod.NextAsync(Refused, XdsTypeUrls.Cluster);
            istiod.Ads.EndStreams(GoingAway);
            Assert.Equal(TimeSpan.FromSeconds(seconds), await time.NextTimerAsync());
            accept = seconds == 1;
            time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);
        istiod.Ads.EndStreams(GoingAway);

        Assert.Equal(TimeSpan.FromSeconds(0.5), await time.NextTimerAsync());
    }

    [Fact]
    public async Task Stop_WhileConnected_EndsAndTellsSo()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        var client = new RunningClient(istiod, new ScriptedConsumer());
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);
        Assert.Equal(AdsConnectionState.Connected, client.Client.State);

        await client.StopAsync();

        Assert.Equal(AdsConnectionState.Stopped, client.Client.State);
        await istiod.NextAsync(Ended);
    }

    [Fact]
    public async Task Stop_WhileBackingOff_Ends()
    {
        var time = new FakeTimeProvider();
        await using var istiod = await FakeIstiod.StartAsync();
        await istiod.StopAsync();
        var client = new RunningClient(istiod, new ScriptedConsumer(), options => options with { Time = time, Random = new FixedRandom(1) });
        await time.NextTimerAsync();

        await client.StopAsync();

        Assert.Equal(new AdsCounters(0, 1, 0, 0, 0, 0), client.Client.Counters);
    }
}
