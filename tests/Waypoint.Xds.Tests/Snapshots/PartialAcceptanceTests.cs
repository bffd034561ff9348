using Waypoint.Model.FilterChains;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Xds.Ads;
using FilterChain = Waypoint.Model.FilterChains.FilterChain;

namespace Waypoint.Xds.Tests.Snapshots;

/// <summary>One bad resource beside good ones: it is named, the good ones apply, its last good version stays.</summary>
public sealed class PartialAcceptanceTests
{
    [Fact]
    public async Task Cluster_BrokenBesideANewOne_NewOneAppliesOldVersionStays()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart", "1s")));
        Model.Clusters.ClusterConfig before = fixture.Snapshot.Clusters["cart"];

        string nack = await fixture.RefuseAsync(Resources.Clusters(Resources.Broken("cart"), Resources.Eds("gift")));

        Assert.Contains("Cluster 'cart': transport_socket", nack, StringComparison.Ordinal);
        Assert.Contains("lab.broken.v1.NotThere", nack, StringComparison.Ordinal);
        Assert.Same(before, fixture.Snapshot.Clusters["cart"]);
        Assert.Contains("gift", fixture.Snapshot.Clusters.Keys);
        Assert.Contains((XdsTypeUrls.ClusterLoadAssignment, "cart"), fixture.Subscribed);
    }

    [Fact]
    public async Task Cluster_BrokenWithoutEarlierVersion_ExistsWithoutHostsAndSaysWhy()
    {
        using SessionFixture fixture = new();

        await fixture.RefuseAsync(Resources.Clusters(Resources.Broken("cart")));

        Assert.Contains("lab.broken.v1.NotThere", fixture.Snapshot.Clusters["cart"].TransportSockets[0].RefusedBecause, StringComparison.Ordinal);
        Assert.Empty(fixture.Snapshot.Clusters["cart"].InlineEndpoints!.Localities);
    }

    [Fact]
    public async Task Cluster_BytesThatAreNoMessage_RefusedAndTheNextGoodVersionIsTaken()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart", "1s")));

        string nack = await fixture.RefuseAsync(Resources.Response(XdsTypeUrls.Cluster, Resources.Garbage("cart", XdsTypeUrls.Cluster)));
        Assert.Contains("'cart'", nack, StringComparison.Ordinal);
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart", "2s")));

        Assert.Equal(TimeSpan.FromSeconds(2), fixture.Snapshot.Clusters["cart"].ConnectTimeout);
    }

    [Fact]
    public async Task Cluster_TheSameBrokenVersionAgain_RefusedAgain()
    {
        using SessionFixture fixture = new();

        string first = await fixture.RefuseAsync(Resources.Clusters(Resources.Broken("cart")));
        string second = await fixture.RefuseAsync(Resources.Clusters(Resources.Broken("cart")));

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Chain_UnknownFilterBesideAGoodChange_GoodChainAppliesOldOneServes()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.HttpChain("catalog", "a"), Resources.HttpChain("cart", "a"))));
        FilterChain catalog = fixture.Chain("catalog")!;

        string nack = await fixture.RefuseAsync(Resources.Listeners(Resources.MainListener(
            Resources.HttpChain("catalog", "b", Resources.TypedFilter("lab.broken", Resources.Unknown)), Resources.HttpChain("cart", "b"))));

        Assert.Contains("Filter chain 'catalog'", nack, StringComparison.Ordinal);
        Assert.Contains("HTTP filter 'lab.broken' is of type 'lab.broken.v1.NotThere'", nack, StringComparison.Ordinal);
        Assert.Same(catalog, fixture.Chain("catalog"));
        Assert.NotNull(fixture.Chain("cart")!.Http);
        Assert.Equal(2, fixture.Snapshot.Version);
    }

    [Fact]
    public async Task Chain_GoodVersionAfterABrokenOne_Taken()
    {
        using SessionFixture fixture = new();
        FilterChainVersion good = new("a"), better = new("b");
        await fixture.AcceptAsync(good.Push());
        await fixture.RefuseAsync(Resources.Listeners(Resources.MainListener(Resources.HttpChain("catalog", "x", Resources.TypedFilter("lab", Resources.Unknown)))));
        FilterChain before = fixture.Chain("catalog")!;

        await fixture.AcceptAsync(better.Push());

        Assert.NotSame(before, fixture.Chain("catalog"));
        Assert.Null(fixture.Chain("catalog")!.RefusedBecause);
    }

    [Fact]
    public async Task Chain_BackToTheVersionBeforeTheBrokenOne_Accepted()
    {
        using SessionFixture fixture = new();
        FilterChainVersion good = new("a");
        await fixture.AcceptAsync(good.Push());
        await fixture.RefuseAsync(Resources.Listeners(Resources.MainListener(Resources.HttpChain("catalog", "x", Resources.TypedFilter("lab", Resources.Unknown)))));

        await fixture.AcceptAsync(good.Push());

        Assert.NotNull(fixture.Chain("catalog")!.Http);
    }

    [Fact]
    public async Task Chain_RouteWithARegexThatIsNone_RefusedWithRouteAndTable()
    {
        using SessionFixture fixture = new();
        Protos.Envoy.Config.Listener.V3.FilterChain chain = Resources.HttpChain("catalog", "a");
        var manager = chain.Filters[0].TypedConfig.Unpack<Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager>();
        manager.RouteConfig.VirtualHosts[0].Routes[0].Match = new() { SafeRegex = new() { Regex = "(unclosed[" } };
        chain.Filters[0].TypedConfig = Resources.Pack(manager);

        string nack = await fixture.RefuseAsync(Resources.Listeners(Resources.MainListener(chain)));

        Assert.Contains("'default'", nack, StringComparison.Ordinal);
        Assert.Contains("'catalog'", nack, StringComparison.Ordinal);
        Assert.Contains("(unclosed[", nack, StringComparison.Ordinal);
        Assert.NotNull(fixture.Chain("catalog")!.RefusedBecause);
    }

    [Fact]
    public async Task Chain_RefusedWithoutEarlierVersion_StandsAsOneThatAnswers503()
    {
        using SessionFixture fixture = new();

        await fixture.RefuseAsync(Resources.Listeners(Resources.MainListener(
            Resources.HttpChain("catalog", "a", Resources.TypedFilter("lab.broken", Resources.Unknown)), Resources.TcpChain("cart", "a"))));

        FilterChain chain = fixture.Chain("catalog")!;
        Assert.Contains("lab.broken.v1.NotThere", chain.RefusedBecause, StringComparison.Ordinal);
        Assert.Null(chain.Http);
        Assert.Null(chain.Tcp);
        Assert.NotNull(fixture.Chain("cart")!.Tcp);
        Assert.Equal(FilterChainOutcome.Found, fixture.Snapshot.FilterChains.Match(new FilterChainQuery { Authority = "", DestinationPort = 1000 }).Outcome);
    }

    [Fact]
    public async Task Chain_WithoutAName_RefusedAndNothingIsTakenForRemoved()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("catalog", "a"), Resources.TcpChain("cart", "a"))));
        Listener listener = Resources.MainListener(Resources.TcpChain("catalog", "b"), Resources.TcpChain("cart", "a"));
        listener.FilterChains[1].Name = "";

        string nack = await fixture.RefuseAsync(Resources.Listeners(listener));

        Assert.Contains("filter_chains.name", nack, StringComparison.Ordinal);
        Assert.NotNull(fixture.Chain("cart"));
        Assert.Equal("b", fixture.Chain("catalog")!.Tcp!.Clusters[0].Cluster);
    }

    [Fact]
    public async Task Listener_MatcherNotUnderstood_WholeListenerStaysAsItWas()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("catalog", "a"))));
        FilterChainTable before = fixture.Snapshot.FilterChains;
        Listener listener = Resources.MainListener(Resources.TcpChain("catalog", "b"));
        listener.FilterChainMatcher.MatcherTree.Input.TypedConfig = Resources.Unknown;

        string nack = await fixture.RefuseAsync(Resources.Listeners(listener));

        Assert.Contains("Listener 'main_internal': filter_chain_matcher.matcher_tree.input", nack, StringComparison.Ordinal);
        Assert.Same(before, fixture.Snapshot.FilterChains);
    }

    [Fact]
    public async Task Listener_MatcherNotUnderstoodWithoutEarlierVersion_TableSaysWhy()
    {
        using SessionFixture fixture = new();
        Listener listener = Resources.MainListener(Resources.TcpChain("catalog", "b"));
        listener.FilterChainMatcher.MatcherTree.Input.TypedConfig = Resources.Unknown;

        await fixture.RefuseAsync(Resources.Listeners(listener));
        Assert.Contains("matcher_tree.input", fixture.Snapshot.FilterChains.RefusedBecause, StringComparison.Ordinal);

        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("catalog", "b"))));
        Assert.Null(fixture.Snapshot.FilterChains.RefusedBecause);
        Assert.NotNull(fixture.Chain("catalog"));
    }

    [Fact]
    public async Task Listener_BytesThatAreNoMessage_OldOneServes()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("catalog", "a"))));
        FilterChainTable before = fixture.Snapshot.FilterChains;

        string nack = await fixture.RefuseAsync(Resources.Response(XdsTypeUrls.Listener, Resources.Garbage("main_internal", XdsTypeUrls.Listener)));

        Assert.Contains("main_internal", nack, StringComparison.Ordinal);
        Assert.Same(before, fixture.Snapshot.FilterChains);
    }

    [Fact]
    public async Task Listener_NoneOfAWaypoint_RefusedByName() =>
        Assert.Contains("Listener '0.0.0.0_80'", await new SessionFixture().RefuseAsync(Resources.Listeners(new Listener { Name = "0.0.0.0_80" })), StringComparison.Ordinal);

    [Fact]
    public async Task Endpoints_Refused_OldOnesStay()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart")));
        await fixture.AcceptAsync(Resources.Endpoints("cart", "10.0.0.1:80"));
        fixture.EndpointUpdates.Clear();

        string nack = await fixture.RefuseAsync(Resources.Endpoints("cart", "nowhere"));

        Assert.Contains("Endpoints of 'cart'", nack, StringComparison.Ordinal);
        Assert.Contains("'nowhere'", nack, StringComparison.Ordinal);
        Assert.Empty(fixture.EndpointUpdates);
    }

    [Fact]
    public async Task Nack_HundredsOfProblems_StaysShortAndCountsTheRest()
    {
        using SessionFixture fixture = new();

        AdsVerdict verdict = await fixture.ApplyAsync(Resources.Clusters([.. Enumerable.Range(0, 300).Select(i => Resources.Broken($"cluster-{i}"))]));

        Assert.InRange(verdict.Message!.Length, 1000, 5000);
        Assert.Contains(" more", verdict.Message, StringComparison.Ordinal);
        Assert.Equal(300, verdict.RejectedNames.Count);
    }

    private sealed record FilterChainVersion(string Cluster)
    {
        public AdsResponse Push() => Resources.Listeners(Resources.MainListener(Resources.HttpChain("catalog", Cluster)));
    }
}
