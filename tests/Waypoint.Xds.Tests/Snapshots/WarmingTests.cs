using Waypoint.Model.FilterChains;
using Waypoint.Model.Snapshots;
using Waypoint.Xds.Ads;
using Waypoint.Xds.Snapshots;

namespace Waypoint.Xds.Tests.Snapshots;

/// <summary>What goes live when: never before its endpoints are known, never later than a few seconds.</summary>
public sealed class WarmingTests
{
    [Fact]
    public async Task Chain_NewWithANewCluster_LiveWithTheFirstEndpoints()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("gift")));
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("gift-chain", "gift"))));
        Assert.Null(fixture.Chain("gift-chain"));

        await fixture.AcceptAsync(Resources.Endpoints("gift", "10.0.0.1:80"));

        Assert.Equal("10.0.0.1:80", fixture.Endpoints["gift"].Localities[0].Endpoints[0].AddressText);
        Assert.NotNull(fixture.Chain("gift-chain"));
    }

    [Fact]
    public async Task Chain_EndpointsAnsweredEmpty_Live()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("gift")));
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("gift-chain", "gift"))));

        await fixture.AcceptAsync(Resources.Endpoints("gift"));

        Assert.NotNull(fixture.Chain("gift-chain"));
    }

    [Fact]
    public async Task Chain_ClusterThatDoesNotExist_LiveAtOnce()
    {
        using SessionFixture fixture = new();

        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("gift-chain", "nowhere"))));

        Assert.NotNull(fixture.Chain("gift-chain"));
    }

    [Fact]
    public async Task Chain_EndpointsNeverAnswered_LiveWhenTheWaitIsOver()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("gift")));
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("gift-chain", "gift"))));

        fixture.Time.Advance(ConfigurationSession.MaxWait - TimeSpan.FromMilliseconds(1));
        Assert.Null(fixture.Chain("gift-chain"));
        fixture.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.NotNull(fixture.Chain("gift-chain"));
    }

    [Fact]
    public async Task Listener_NewChainWaits_OldMatcherAndChainsServeMeanwhile()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart")));
        await fixture.AcceptAsync(Resources.Endpoints("cart", "10.0.0.1:80"));
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("tcp", "cart"))));
        FilterChainTable before = fixture.Snapshot.FilterChains;

        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart"), Resources.Eds("cart-http")));
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.HttpChain("http", "cart-http"))));
        Assert.Same(before, fixture.Snapshot.FilterChains);
        await fixture.AcceptAsync(Resources.Endpoints("cart-http", "10.0.0.1:80"));

        Assert.Equal("http", fixture.Snapshot.FilterChains.Match(new FilterChainQuery { Authority = "", DestinationPort = 1000 }).Chain?.Name);
        Assert.Null(fixture.Chain("tcp"));
    }

    [Fact]
    public async Task Cluster_RemovedBeforeTheListenerLeavesIt_StaysUntilThen()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart")));
        await fixture.AcceptAsync(Resources.Endpoints("cart", "10.0.0.1:80"));
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("tcp", "cart"))));

        await fixture.AcceptAsync(new AdsResponse(XdsTypeUrls.Cluster, "", [], ["cart"]));
        Assert.Contains("cart", fixture.Snapshot.Clusters.Keys);
        Assert.DoesNotContain((XdsTypeUrls.ClusterLoadAssignment, "cart"), fixture.Subscribed);

        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener()));
        Assert.DoesNotContain("cart", fixture.Snapshot.Clusters.Keys);
    }

    [Fact]
    public async Task Cluster_RemovedAndTheListenerDoesNotFollow_GoneWhenTheWaitIsOver()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart")));
        await fixture.AcceptAsync(Resources.Endpoints("cart", "10.0.0.1:80"));
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("tcp", "cart"))));
        await fixture.AcceptAsync(new AdsResponse(XdsTypeUrls.Cluster, "", [], ["cart"]));

        fixture.Time.Advance(ConfigurationSession.MaxWait);

        Assert.DoesNotContain("cart", fixture.Snapshot.Clusters.Keys);
    }

    [Fact]
    public async Task Cluster_RemovedAndSentAgainMeanwhile_EndpointsAreAskedForAnew()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart")));
        await fixture.AcceptAsync(Resources.Endpoints("cart", "10.0.0.1:80"));
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("tcp", "cart"))));
        await fixture.AcceptAsync(new AdsResponse(XdsTypeUrls.Cluster, "", [], ["cart"]));

        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart")));
        fixture.EndpointUpdates.Clear();
        await fixture.AcceptAsync(Resources.Endpoints("cart", "10.0.0.1:80"));

        Assert.Contains((XdsTypeUrls.ClusterLoadAssignment, "cart"), fixture.Subscribed);
        Assert.Equal(["cart"], fixture.EndpointUpdates);
        Assert.Contains("cart", fixture.Snapshot.Clusters.Keys);
    }

    [Fact]
    public async Task Cluster_AbsentFromAResponse_Unchanged()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart"), Resources.Eds("guard")));

        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart")));

        Assert.Contains("guard", fixture.Snapshot.Clusters.Keys);
        Assert.Single(fixture.Snapshots);
    }

    [Fact]
    public async Task Push_NothingChanged_NothingIsPublished()
    {
        using SessionFixture fixture = new();
        AdsResponse[] push =
        [
            Resources.Clusters(Resources.Eds("cart")), Resources.Endpoints("cart", "10.0.0.1:80"), Resources.Listeners(Resources.MainListener(Resources.TcpChain("tcp", "cart"))),
        ];
        foreach (AdsResponse response in push)
            await fixture.AcceptAsync(response);
        int snapshots = fixture.Snapshots.Count, updates = fixture.EndpointUpdates.Count;

        foreach (AdsResponse response in push)
            await fixture.AcceptAsync(response);

        Assert.Equal((snapshots, updates), (fixture.Snapshots.Count, fixture.EndpointUpdates.Count));
    }

    [Fact]
    public async Task Endpoints_Changed_NoNewSnapshot()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Clusters(Resources.Eds("cart"), Resources.Eds("pay")));
        await fixture.AcceptAsync(Resources.Endpoints("cart", "10.0.0.1:80"));
        ProxySnapshot before = fixture.Snapshot;

        await fixture.AcceptAsync(Resources.Endpoints("cart", "10.0.0.1:80", "10.0.0.2:80"));

        Assert.Same(before, fixture.Snapshot);
        Assert.Equal(["cart", "cart"], fixture.EndpointUpdates);
    }

    [Fact]
    public async Task Endpoints_OfAClusterThatIsNotInCds_Ignored()
    {
        using SessionFixture fixture = new();

        await fixture.AcceptAsync(Resources.Endpoints("gone", "10.0.0.1:80"));

        Assert.Empty(fixture.EndpointUpdates);
    }

    [Fact]
    public async Task Chain_OneOfTwoChanged_OtherStaysTheSameObject()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("a", "x"), Resources.TcpChain("b", "x"))));
        FilterChain a = fixture.Chain("a")!, b = fixture.Chain("b")!;

        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("a", "y"), Resources.TcpChain("b", "x"))));

        Assert.NotSame(a, fixture.Chain("a"));
        Assert.Same(b, fixture.Chain("b"));
    }

    [Fact]
    public async Task Routes_ByDiscovery_SubscribedAndAwaited()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.RdsChain("web", "table"), Resources.TcpChain("b", "x"))));
        Assert.Contains((XdsTypeUrls.RouteConfiguration, "table"), fixture.Subscribed);
        Assert.Null(fixture.Snapshots.LastOrDefault()?.FilterChains.Chains.GetValueOrDefault("web"));

        await fixture.AcceptAsync(Resources.Response(XdsTypeUrls.RouteConfiguration, Resources.Of("table", Resources.Routes("table", "a"))));
        FilterChain web = fixture.Chain("web")!, other = fixture.Chain("b")!;
        Assert.NotNull(web.Http!.Routes);

        await fixture.AcceptAsync(Resources.Response(XdsTypeUrls.RouteConfiguration, Resources.Of("table", Resources.Routes("table", "b"))));
        Assert.NotSame(web.Http.Routes, fixture.Chain("web")!.Http!.Routes);
        Assert.Same(other, fixture.Chain("b"));

        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.TcpChain("b", "x"))));
        Assert.DoesNotContain((XdsTypeUrls.RouteConfiguration, "table"), fixture.Subscribed);
    }

    [Fact]
    public async Task Extension_ByDiscovery_SubscribedAndAwaited()
    {
        const string Type = "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig";
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.HttpChain("web", "a", Resources.Discovered("plugin", Type)))));
        Assert.Contains((XdsTypeUrls.TypedExtensionConfig, "plugin"), fixture.Subscribed);
        Assert.Empty(fixture.Snapshots.LastOrDefault()?.FilterChains.Chains ?? FilterChainTable.Empty.Chains);

        await fixture.AcceptAsync(Extension("plugin", Type));

        Assert.Empty(fixture.Chain("web")!.Http!.Filters);
    }

    [Fact]
    public async Task Extension_NotImplemented_RefusedByNameAndItsChainAnswers503()
    {
        const string Type = "envoy.extensions.filters.http.lua.v3.Lua";
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.HttpChain("web", "a", Resources.Discovered("plugin", Type)))));

        string nack = await fixture.RefuseAsync(Extension("plugin", Type));

        Assert.Contains("HTTP filter 'plugin'", nack, StringComparison.Ordinal);
        Assert.Contains("plugin", fixture.Chain("web")!.RefusedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extension_NeverArrives_ChainAnswers503WhenTheWaitIsOver()
    {
        using SessionFixture fixture = new();
        await fixture.AcceptAsync(Resources.Listeners(Resources.MainListener(Resources.HttpChain("web", "a", Resources.Discovered("plugin", "x.Y")))));

        fixture.Time.Advance(ConfigurationSession.MaxWait);

        Assert.Contains("did not arrive", fixture.Chain("web")!.RefusedBecause, StringComparison.Ordinal);
    }

    private static AdsResponse Extension(string name, string type) => Resources.Response(
        XdsTypeUrls.TypedExtensionConfig,
        Resources.Of(name, new Protos.Envoy.Config.Core.V3.TypedExtensionConfig { Name = name, TypedConfig = Resources.Any(type) }));
}
