using Waypoint.ControlPlane.Ads;
using Waypoint.Grpc;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Protos.Istio.Workload;
using Waypoint.Testing.Istiod;
using static Waypoint.ControlPlane.Ads.AdsServerEventKind;
using static Waypoint.ControlPlane.Tests.TypeUrls;

namespace Waypoint.ControlPlane.Tests.Ads;

public class AdsServerTests
{
    [Fact]
    public async Task Connect_WithoutNode_InvalidArgument()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        await using var client = new BareClient(istiod);

        await client.SayAsync(new DeltaDiscoveryRequest { TypeUrl = Cds });

        Assert.Equal(new GrpcStatus(GrpcStatusCode.InvalidArgument, "missing node information"), await client.EndAsync());
    }

    [Fact]
    public async Task Connect_NotAdmitted_ItsStatus()
    {
        await using var istiod = await FakeIstiod.StartAsync(new AdsServerOptions { Admit = (_, request) => new GrpcStatus(GrpcStatusCode.PermissionDenied, request.Node.Id[..8]) });
        await using var client = new BareClient(istiod);

        await client.SubscribeAsync(Cds);

        Assert.Equal(new GrpcStatus(GrpcStatusCode.PermissionDenied, "waypoint"), await client.EndAsync());
    }

    [Fact]
    public async Task Wildcard_FirstRequest_EverythingAndNamesThatAreGone()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("a", "b"));
        await using var client = new BareClient(istiod);

        await client.SayAsync(new DeltaDiscoveryRequest { TypeUrl = Cds, Node = BareClient.Node, InitialResourceVersions = { ["a"] = "", ["gone"] = "" } });

        var response = await client.HearAsync();
        Assert.Equal(["a", "b"], Names(response));
        Assert.Equal(["gone"], response.RemovedResources);
        Assert.StartsWith(response.SystemVersionInfo, response.Nonce, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wildcard_WorkloadsWithKnownVersion_NotSentAgain()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(new AdsPush(Wds, AdsPush.Resource("same", new Workload(), "1"), AdsPush.Resource("changed", new Workload(), "2")));
        await using var client = new BareClient(istiod);

        await client.SayAsync(new DeltaDiscoveryRequest { TypeUrl = Wds, Node = BareClient.Node, InitialResourceVersions = { ["same"] = "1", ["changed"] = "1" } });

        Assert.Equal(["changed"], Names(await client.HearAsync()));
    }

    [Fact]
    public async Task Endpoints_UnknownName_AnsweredEmptyAndOthersNotSent()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(new AdsPush(Eds, AdsPush.Resource("other", new ClusterLoadAssignment())));
        await using var client = new BareClient(istiod);

        await client.SubscribeAsync(Eds, "nobody");

        var resource = Assert.Single((await client.HearAsync()).Resources);
        Assert.Equal(new ClusterLoadAssignment { ClusterName = "nobody" }, resource.Resource_.Unpack<ClusterLoadAssignment>());
    }

    [Fact]
    public async Task Routes_UnknownName_NoAnswerUntilThereIsOne()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        await using var client = new BareClient(istiod);
        await client.SubscribeAsync(Rds, "late");
        await istiod.NextAsync(Subscribed);

        istiod.Ads.Push(new AdsPush(Rds, AdsPush.Resource("late", new RouteConfiguration()), AdsPush.Resource("other", new RouteConfiguration())));

        Assert.Equal(["late"], Names(await client.HearAsync()));
    }

    [Fact]
    public async Task Names_SubscribedTwiceAndUnsubscribed_AnsweredOnceAndNoMore()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        await using var client = new BareClient(istiod);
        await client.SubscribeAsync(Eds, "a");
        Assert.Equal(["a"], Names(await client.HearAsync()));

        await client.SubscribeAsync(Eds, "a", "b");
        Assert.Equal(["b"], Names(await client.HearAsync()));

        await client.SayAsync(new DeltaDiscoveryRequest { TypeUrl = Eds, ResourceNamesUnsubscribe = { "a" } });
        await istiod.NextAsync(Subscribed);
        await istiod.NextAsync(Subscribed);
        await istiod.NextAsync(Subscribed);
        istiod.Ads.Push(new AdsPush(Eds, AdsPush.Resource("a", new ClusterLoadAssignment()), AdsPush.Resource("b", new ClusterLoadAssignment())));
        Assert.Equal(["b"], Names(await client.HearAsync()));
    }

    [Fact]
    public async Task Clusters_AnsweredWhileEndpointsAreSubscribed_EndpointsFollow()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        istiod.Ads.Push(Clusters("a"));
        await using var client = new BareClient(istiod);
        await client.SubscribeAsync(Eds, "a");
        await client.HearAsync();

        await client.SubscribeAsync(Cds);

        Assert.Equal([Cds, Eds], new[] { (await client.HearAsync()).TypeUrl, (await client.HearAsync()).TypeUrl });
    }

    [Fact]
    public async Task Answers_AckNackAndStale_Counted()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        await using var client = new BareClient(istiod);
        await client.SubscribeAsync(Cds);
        var first = await client.HearAsync();
        Assert.False(istiod.Ads.IsSettled);
        await client.AnswerAsync(first);
        await istiod.NextAsync(Acknowledged);
        Assert.True(istiod.Ads.IsSettled);

        istiod.Ads.Push(Clusters("a"));
        await client.AnswerAsync(await client.HearAsync(), "cluster 'a' is bad");
        await istiod.NextAsync(Refused);
        await client.AnswerAsync(first);
        await istiod.NextAsync(Stale);

        Assert.Equal(new AdsServerTypeStatus(Cds, 1, 1, "cluster 'a' is bad"), Assert.Single(istiod.Ads.Types));
    }

    [Fact]
    public async Task Push_SeveralTypes_OneVersionInOrder()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        await using var client = new BareClient(istiod);
        await client.SubscribeAsync(Cds);
        await client.HearAsync();
        await client.SubscribeAsync(Wds);
        await client.HearAsync();

        istiod.Ads.Push(Clusters("a"), new AdsPush(Wds, [], ["w"]));

        var clusters = await client.HearAsync();
        var workloads = await client.HearAsync();
        Assert.Equal([Cds, Wds], new[] { clusters.TypeUrl, workloads.TypeUrl });
        Assert.Equal(clusters.SystemVersionInfo, workloads.SystemVersionInfo);
        Assert.NotEqual(clusters.Nonce, workloads.Nonce);
    }

    [Fact]
    public async Task EndStreams_Status_ClientSeesItAndStreamIsGone()
    {
        await using var istiod = await FakeIstiod.StartAsync();
        await using var client = new BareClient(istiod);
        await client.SubscribeAsync(Cds);
        await client.HearAsync();

        istiod.Ads.EndStreams(new GrpcStatus(GrpcStatusCode.Unavailable, "restarting"));

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unavailable, "restarting"), await client.EndAsync());
        await istiod.NextAsync(Ended);
        Assert.Equal(0, istiod.Ads.StreamCount);
    }

    [Fact]
    public async Task Push_ClientThatDoesNotRead_EndedInsteadOfQueuedForEver()
    {
        await using var istiod = await FakeIstiod.StartAsync(new AdsServerOptions { MaxQueuedResponses = 3 });
        await using var client = new BareClient(istiod);
        await client.SubscribeAsync(Cds);
        await istiod.NextAsync(Subscribed);
        var large = new AdsPush(Cds, AdsPush.Resource("large", new Cluster { Name = new string('x', 1 << 20) }));

        for (var i = 0; istiod.Ads.StreamCount > 0; i++)
        {
            Assert.True(i < 10_000, "a client that reads nothing still gets more");
            istiod.Ads.Push(large);
            await Task.Yield();
        }
    }

    private static AdsPush Clusters(params string[] names) => new(Cds, [.. names.Select(name => AdsPush.Resource(name, new Cluster { Name = name }))]);

    private static IEnumerable<string> Names(DeltaDiscoveryResponse response) => response.Resources.Select(resource => resource.Name).Order(StringComparer.Ordinal);
}
