using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Xds.Ads;

namespace Waypoint.Xds.Tests.Ads;

public class SubscriptionTableTests
{
    private const string Eds = XdsTypeUrls.ClusterLoadAssignment;
    private const string Wds = XdsTypeUrls.Workload;

    [Fact]
    public void Take_LongList_SpreadOverRequestsBelowTheLimit()
    {
        var table = Started(1000);
        table.SetNames(Eds, [.. Enumerable.Range(0, 100).Select(i => $"cluster-{i:000}-{new string('x', 50)}")]);

        var requests = Take(table);

        Assert.All(requests, request => Assert.InRange(request.CalculateSize(), 1, 1000));
        Assert.Equal(100, requests.SelectMany(request => request.ResourceNamesSubscribe).Distinct().Count());
    }

    [Fact]
    public void Take_NameLongerThanTheLimit_SentAlone()
    {
        var table = Started(100);
        table.SetNames(Eds, [new string('x', 500), new string('y', 500)]);

        Assert.Equal([1, 1], Take(table).Select(request => request.ResourceNamesSubscribe.Count));
    }

    [Fact]
    public void Take_RemovedAndAddedBeforeItIsSent_UnsubscribedThenSubscribedAnew()
    {
        var table = Started();
        table.SetNames(Eds, ["a", "b"]);
        Take(table);

        table.Remove(Eds, ["a"]);
        table.Add(Eds, ["a"]);

        var requests = Take(table);
        Assert.Equal(["a"], requests[0].ResourceNamesUnsubscribe);
        Assert.Equal(["a"], requests[1].ResourceNamesSubscribe);
        Assert.Equal(2, requests.Count);
    }

    [Fact]
    public void Take_AddedAndRemovedBeforeItIsSent_Nothing()
    {
        var table = Started();

        table.Add(Eds, ["a"]);
        table.Remove(Eds, ["a"]);

        Assert.Empty(Take(table));
    }

    [Fact]
    public void Take_SameNamesSetAgain_Nothing()
    {
        var table = Started();
        table.SetNames(Eds, ["a", "b"]);
        Take(table);

        table.SetNames(Eds, ["b", "a"]);

        Assert.Empty(Take(table));
    }

    [Fact]
    public void BeginStream_UnsentUnsubscription_NotAskedForAgain()
    {
        var table = Started();
        table.SetNames(Eds, ["a", "b"]);
        Take(table);
        table.Remove(Eds, ["a"]);

        table.BeginStream();

        Assert.Equal(["b"], Take(table).Single(request => request.TypeUrl == Eds).ResourceNamesSubscribe);
    }

    [Fact]
    public void BeginStream_HeldVersionsTooLongForARequest_LeftOutAndTheAnswerIsTheWholeSet()
    {
        var table = Started(100);
        table.Record(Response(Wds, ["kept", .. Enumerable.Range(0, 20).Select(i => $"workload-{i}")]), AdsVerdict.Ack, default);

        table.BeginStream();

        Assert.Empty(Take(table).Single(request => request.TypeUrl == Wds).InitialResourceVersions);
        var complete = table.Complete(Response(Wds, ["kept", "new"]));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"workload-{i}").Order(), complete.RemovedNames.Order());
        table.Record(complete, AdsVerdict.Ack, default);
        Assert.Empty(table.Complete(Response(Wds, ["kept"])).RemovedNames);
    }

    [Fact]
    public void Record_RemovedOrUnsubscribedName_NoLongerHeld()
    {
        var table = Started();
        table.SetNames(Eds, ["a", "b"]);
        Take(table);
        table.Record(Response(Eds, ["a", "b", "stranger"]), AdsVerdict.Ack, default);
        table.Record(Response(Wds, ["x", "y"]), AdsVerdict.Ack, default);

        table.Remove(Eds, ["a"]);
        table.Record(new AdsResponse(Wds, "", [], ["x", "never known"]), AdsVerdict.Ack, default);
        table.BeginStream();

        var requests = Take(table);
        Assert.Equal(["y"], requests.Single(request => request.TypeUrl == Wds).InitialResourceVersions.Keys);
        Assert.Equal(["b"], requests.Single(request => request.TypeUrl == Eds).InitialResourceVersions.Keys);
    }

    [Fact]
    public void Listeners_AllClustersStaticOrAnswered_AskedForOnce()
    {
        var table = Started();
        table.SetNames(Eds, ["a", "b"]);
        table.Record(Response(XdsTypeUrls.Cluster, ["a", "b"]), AdsVerdict.Ack, default);
        Assert.DoesNotContain(Take(table), request => request.TypeUrl == XdsTypeUrls.Listener);

        table.Record(Response(Eds, ["a"]), AdsVerdict.Ack, default);
        Assert.Empty(Take(table));
        table.Remove(Eds, ["b"]);

        Assert.Contains(Take(table), request => request.TypeUrl == XdsTypeUrls.Listener);
        Assert.Null(table.OpenListeners());
    }

    [Fact]
    public void SetNames_WildcardType_Refused() =>
        Assert.Throws<ArgumentException>(() => Started().SetNames(XdsTypeUrls.Cluster, ["a"]));

    private static SubscriptionTable Started(int maxRequestBytes = 1 << 20)
    {
        var table = new SubscriptionTable(maxRequestBytes);
        table.BeginStream();
        Assert.Equal([Wds, XdsTypeUrls.Cluster], Take(table).Select(request => request.TypeUrl));
        return table;
    }

    private static List<DeltaDiscoveryRequest> Take(SubscriptionTable table)
    {
        List<DeltaDiscoveryRequest> requests = [];
        while (table.TryTakeRequest(out var request))
            requests.Add(request);
        return requests;
    }

    private static AdsResponse Response(string typeUrl, string[] names) =>
        new(typeUrl, "", [.. names.Select(name => new AdsResource(name, "v1", typeUrl, Google.Protobuf.ByteString.Empty))], []);
}
