using Waypoint.ControlPlane.Ads;
using Waypoint.Grpc;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Testing.Istiod;
using Waypoint.Testing.Time;
using Waypoint.Xds.Ads;
using static Waypoint.ControlPlane.Ads.AdsServerEventKind;
using static Waypoint.Xds.Tests.Ads.XdsResources;

namespace Waypoint.Xds.Tests.Ads;

public class AdsClientTests
{
    [Fact]
    public async Task Start_FirstRequests_WorkloadsThenClustersAndNodeOnlyInTheFirst()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        await using var client = new RunningClient(istiod, new ScriptedConsumer());

        Assert.Equal("waypoint~10.0.0.1~waypoint-0.shop~shop.svc.cluster.local", (await istiod.NextAsync(Connected)).Request!.Node.Id);
        Assert.Equal(XdsTypeUrls.Workload, (await istiod.NextAsync(Subscribed)).TypeUrl);
        var clusters = await istiod.NextAsync(Subscribed);
        Assert.Equal(XdsTypeUrls.Cluster, clusters.TypeUrl);
        Assert.Null(clusters.Request!.Node);
        Assert.Empty(clusters.Request.ResourceNamesSubscribe);
    }

    [Fact]
    public async Task Start_ClustersWithEndpoints_ListenersAreAskedForAfterTheEndpoints()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("a", "b"), Endpoints("a", "b"), Listeners("main_internal"));
        var consumer = SubscribingConsumer();
        await using var client = new RunningClient(istiod, consumer);

        var order = new List<(AdsServerEventKind Kind, string Type)>();
        while (order.Count == 0 || order[^1] != (Acknowledged, XdsTypeUrls.Listener))
        {
            var next = await istiod.NextAsync();
            order.Add((next.Kind, next.TypeUrl));
        }

        Assert.True(order.IndexOf((Sent, XdsTypeUrls.ClusterLoadAssignment)) < order.IndexOf((Subscribed, XdsTypeUrls.Listener)));
    }

    [Fact]
    public async Task Start_EndpointsNeverAnswered_ListenersAreAskedForAfterTheWait()
    {
        var time = new FakeTimeProvider();
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("a"));
        // istiod answers every name; an answer that is not yet applied is as good as none.
        var held = new TaskCompletionSource<AdsVerdict>();
        var consumer = new ScriptedConsumer
        {
            Script = async (response, subscriptions) =>
            {
                if (response.TypeUrl == XdsTypeUrls.Cluster)
                    subscriptions.SetNames(XdsTypeUrls.ClusterLoadAssignment, ["a"]);
                return response.TypeUrl == XdsTypeUrls.ClusterLoadAssignment ? await held.Task : AdsVerdict.Ack;
            },
        };
        await using var client = new RunningClient(istiod, consumer, options => options with { Time = time });
        Assert.Equal(TimeSpan.FromSeconds(15), await time.NextTimerAsync());
        await istiod.NextAsync(Sent, XdsTypeUrls.ClusterLoadAssignment);

        time.Advance(TimeSpan.FromSeconds(15));

        await istiod.NextAsync(Subscribed, XdsTypeUrls.Listener);
        held.SetResult(AdsVerdict.Ack);
    }

    [Fact]
    public async Task Response_BeforeTheConsumerHasAppliedIt_NotAcknowledged()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("a"));
        var entered = new TaskCompletionSource();
        var applied = new TaskCompletionSource<AdsVerdict>();
        var consumer = new ScriptedConsumer
        {
            Script = async (response, _) =>
            {
                if (response.TypeUrl != XdsTypeUrls.Cluster)
                    return AdsVerdict.Ack;
                entered.TrySetResult();
                return await applied.Task;
            },
        };
        await using var client = new RunningClient(istiod, consumer);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(60));

        // Sent after whatever was queued before it: an early ACK would arrive first.
        client.Client.Subscriptions.Add(XdsTypeUrls.RouteConfiguration, ["later"]);
        await istiod.NextAsync(Subscribed, XdsTypeUrls.RouteConfiguration);
        Assert.DoesNotContain(istiod.Ads.Types, type => type.TypeUrl == XdsTypeUrls.Cluster);

        applied.SetResult(AdsVerdict.Ack);
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);
    }

    [Fact]
    public async Task Response_OneOfTwoResourcesInvalid_ValidOneAppliedAndNackNamesTheOther()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("good", "bad"));
        var consumer = Refusing("bad");
        await using var client = new RunningClient(istiod, consumer);

        var refused = await istiod.NextAsync(Refused, XdsTypeUrls.Cluster);

        Assert.Equal((int)GrpcStatusCode.Internal, refused.Request!.ErrorDetail.Code);
        Assert.Equal("cluster 'bad' cannot be used", refused.Request.ErrorDetail.Message);
        Assert.Equal(refused.Response!.Nonce, refused.Request.ResponseNonce);
        Assert.Contains((await consumer.NextAsync(XdsTypeUrls.Cluster)).Resources, resource => resource.Name == "good");
        Assert.Equal("cluster 'bad' cannot be used", client.Client.Types.Single(type => type.TypeUrl == XdsTypeUrls.Cluster).LastNack);
    }

    [Fact]
    public async Task Response_SameNameTwice_RefusedAsAWholeWithoutTheConsumer()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        var consumer = new ScriptedConsumer();
        await using var client = new RunningClient(istiod, consumer);
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);
        var twice = AdsPush.Resource("a", new Cluster());

        istiod.Ads.SendRaw(new DeltaDiscoveryResponse { TypeUrl = XdsTypeUrls.Cluster, Resources = { twice, twice } });
        var refused = await istiod.NextAsync(Refused);
        istiod.Ads.Push(Clusters("b"));

        Assert.Equal("resource 'a' occurs twice; the whole response is refused", refused.Request!.ErrorDetail.Message);
        Assert.Empty((await consumer.NextAsync(XdsTypeUrls.Cluster)).Resources);
        Assert.Equal("b", (await consumer.NextAsync(XdsTypeUrls.Cluster)).Resources.Single().Name);
    }

    [Fact]
    public async Task Response_ResourceOfAnotherType_RefusedAsAWhole()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        await using var client = new RunningClient(istiod, new ScriptedConsumer());
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);

        istiod.Ads.SendRaw(new DeltaDiscoveryResponse
        {
            TypeUrl = XdsTypeUrls.Cluster,
            Resources = { AdsPush.Resource("a", new Cluster()), AdsPush.Resource("b", new Listener()) },
        });

        Assert.Contains("resource 'b' has type", (await istiod.NextAsync(Refused)).Request!.ErrorDetail.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_OfATypeThatIsNotSubscribed_DroppedWithoutAnswer()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        await using var client = new RunningClient(istiod, new ScriptedConsumer());
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);

        istiod.Ads.SendRaw(new DeltaDiscoveryResponse { TypeUrl = "type.googleapis.com/unknown.Type" });
        istiod.Ads.Push(Clusters("a"));
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);

        Assert.Equal(1, client.Client.Counters.Dropped);
        Assert.DoesNotContain(istiod.Ads.Types, type => type.TypeUrl == "type.googleapis.com/unknown.Type");
    }

    [Fact]
    public async Task Response_ConsumerThrows_RefusedAndTheStreamLives()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("a"));
        var consumer = new ScriptedConsumer { Script = (response, _) => response.Resources.Count > 0 ? throw new InvalidDataException() : ValueTask.FromResult(AdsVerdict.Ack) };
        await using var client = new RunningClient(istiod, consumer);
        Assert.Equal("internal error while applying the response: InvalidDataException", (await istiod.NextAsync(Refused, XdsTypeUrls.Cluster)).Request!.ErrorDetail.Message);

        istiod.Ads.Push(new AdsPush(XdsTypeUrls.Cluster, [], ["a"]));

        Assert.Equal(1, (await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster)).Stream);
    }

    [Fact]
    public async Task Subscribe_OnDemand_SpontaneousRequestAndItsAnswer()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Routes("here"));
        var consumer = new ScriptedConsumer();
        await using var client = new RunningClient(istiod, consumer);
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);

        client.Client.Subscriptions.Add(XdsTypeUrls.RouteConfiguration, ["here", "nowhere"]);

        var asked = await istiod.NextAsync(Subscribed, XdsTypeUrls.RouteConfiguration);
        Assert.Equal("", asked.Request!.ResponseNonce);
        Assert.Equal(["here", "nowhere"], asked.Request.ResourceNamesSubscribe.Order());
        Assert.Equal("here", (await consumer.NextAsync(XdsTypeUrls.RouteConfiguration)).Resources.Single().Name);

        client.Client.Subscriptions.SetNames(XdsTypeUrls.RouteConfiguration, ["here"]);
        Assert.Equal(["nowhere"], (await istiod.NextAsync(Subscribed, XdsTypeUrls.RouteConfiguration)).Request!.ResourceNamesUnsubscribe);
    }

    [Fact]
    public async Task Subscribe_TwentyThousandNames_NoRequestAboveTheLimitOfIstiod()
    {
        var names = Enumerable.Range(0, 20_000).Select(i => $"inbound-vip|80|http|{new string('x', 250)}-{i}.shop.svc.cluster.local").ToArray();
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("a"));
        var consumer = new ScriptedConsumer();
        await using var client = new RunningClient(istiod, consumer);
        await istiod.NextAsync(Acknowledged, XdsTypeUrls.Cluster);

        client.Client.Subscriptions.SetNames(XdsTypeUrls.ClusterLoadAssignment, names);

        var answered = new HashSet<string>();
        while (answered.Count < names.Length)
            answered.UnionWith((await consumer.NextAsync(XdsTypeUrls.ClusterLoadAssignment)).Resources.Select(resource => resource.Name));
        Assert.Equal(0, client.Client.Counters.Disconnects);
        Assert.Subset(names.ToHashSet(), answered);
    }

    private static ScriptedConsumer Refusing(string name) => new()
    {
        Script = (response, _) => ValueTask.FromResult(response.Resources.Any(resource => resource.Name == name)
            ? AdsVerdict.Nack($"cluster '{name}' cannot be used", [name])
            : AdsVerdict.Ack),
    };

    /// <summary>Asks for the endpoints of every cluster, as the real one.</summary>
    private static ScriptedConsumer SubscribingConsumer() => new()
    {
        Script = (response, subscriptions) =>
        {
            if (response.TypeUrl == XdsTypeUrls.Cluster)
                subscriptions.Add(XdsTypeUrls.ClusterLoadAssignment, [.. response.Resources.Select(resource => resource.Name)]);
            return ValueTask.FromResult(AdsVerdict.Ack);
        },
    };
}
