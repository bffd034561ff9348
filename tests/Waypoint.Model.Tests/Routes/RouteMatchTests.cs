using Waypoint.Model.Headers;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Model.Tests.Formatting;

namespace Waypoint.Model.Tests.Routes;

public sealed class RouteMatchTests
{
    [Theory]
    [InlineData(false, "table")]
    [InlineData(true, "route")]
    public void EditRequest_SameHeaderOnEveryLevel_LastLevelWins(bool mostSpecificWins, string expected)
    {
        var headers = Edit(new ForwardAction { Clusters = Clusters }, Request("/"), mostSpecificWins);
        Assert.Equal(1, headers.Count("x-level"));
        Assert.Equal(expected, headers.Get("x-level", 0));
    }

    [Fact]
    public void EditRequest_HostAndPathRewritten_HeaderValuesSeeTheOriginals()
    {
        var action = new ForwardAction
        {
            Clusters = Clusters,
            HostRewrite = HostRewrite.Literal("inner.example"),
            PathRewrite = new PrefixPathRewrite(4, "/v2"),
        };
        var headers = Edit(action, Request("/api/x?q=1"));
        Assert.Equal("inner.example", headers.Get(":authority", 0));
        Assert.Equal("/v2/x?q=1", headers.Get(":path", 0));
        Assert.Equal("/api/x?q=1", headers.Get("x-envoy-original-path", 0));
        Assert.Equal("shop.example", headers.Get("x-envoy-original-host", 0));
        Assert.Equal("shop.example/api/x?q=1", headers.Get("x-seen", 0));
        Assert.Equal(0, headers.Count("x-forwarded-host"));
    }

    [Fact]
    public void EditRequest_EnvoyHeadersSuppressed_OriginalsAreNotKept()
    {
        var action = new ForwardAction { Clusters = Clusters, HostRewrite = HostRewrite.Literal("i"), PathRewrite = new PrefixPathRewrite(1, "/p/") };
        var headers = Edit(action, Request("/"), suppress: true);
        Assert.Equal(0, headers.Count("x-envoy-original-path"));
        Assert.Equal(0, headers.Count("x-envoy-original-host"));
    }

    [Fact]
    public void EditRequest_AppendForwardedHost_OldAuthorityIsAppendedOnce()
    {
        var action = new ForwardAction { Clusters = Clusters, HostRewrite = HostRewrite.Literal("i"), AppendForwardedHost = true };
        var request = Request("/");
        request.Append("x-forwarded-host", "first.example");
        Assert.Equal("first.example,shop.example", Edit(action, request).Get("x-forwarded-host", 0));

        var repeated = Request("/");
        repeated.Append("x-forwarded-host", "shop.example");
        Assert.Equal("shop.example", Edit(action, repeated).Get("x-forwarded-host", 0));
    }

    [Fact]
    public void EditRequest_WeightedEntryAndRouteRewriteHost_RouteHasTheLastWord()
    {
        var entry = new WeightedCluster { Name = "c", Weight = 1, HostRewriteLiteral = "entry.example" };
        Assert.Equal("entry.example", Edit(new ForwardAction { Clusters = Clusters }, Request("/"), entry: entry).Get(":authority", 0));

        var action = new ForwardAction { Clusters = Clusters, HostRewrite = HostRewrite.Literal("route.example") };
        var headers = Edit(action, Request("/"), entry: entry);
        Assert.Equal("route.example", headers.Get(":authority", 0));
        Assert.Equal("entry.example", headers.Get("x-envoy-original-host", 0));
    }

    [Fact]
    public void EditRequest_HostFromMissingHeader_AuthorityStays()
    {
        var action = new ForwardAction { Clusters = Clusters, HostRewrite = HostRewrite.FromHeader("x-host"), AppendForwardedHost = true };
        var headers = Edit(action, Request("/"));
        Assert.Equal("shop.example", headers.Get(":authority", 0));
        Assert.Equal(0, headers.Count("x-envoy-original-host"));
    }

    [Fact]
    public void EditResponse_EveryLevel_SameOrderAsForTheRequest()
    {
        var headers = new HeaderLines();
        Match(new ForwardAction { Clusters = Clusters }, mostSpecificWins: false).EditResponse(ref headers, new ClusterChoice("c", Entry()), new RequestValues(headers));
        Assert.Equal("table", headers.Get("x-level", 0));
    }

    private static ClusterSelector Clusters => ClusterSelector.Single("c");

    private static HeaderLines Edit(ForwardAction action, HeaderLines headers, bool mostSpecificWins = false, bool suppress = false, WeightedCluster? entry = null)
    {
        var values = new RequestValues(new HeaderLines(headers.Lines));
        Match(action, mostSpecificWins).EditRequest(ref headers, new ClusterChoice("c", entry ?? Entry()), values, suppress);
        return headers;
    }

    private static RouteMatch Match(ForwardAction action, bool mostSpecificWins)
    {
        Assert.True(HeaderFormat.TryParse("%REQ(:AUTHORITY)%%REQ(:path)%", out var seen, out _));
        var route = new Route
        {
            Condition = new RouteCondition { Path = PathCondition.Prefix("/") },
            Action = action,
            RequestHeaders = new HeaderEdits([], [Level("route"), new HeaderAddition("x-seen", seen, HeaderAppendAction.AppendIfExistsOrAdd, false)]),
            ResponseHeaders = new HeaderEdits([], [Level("route")]),
        };
        var table = new RouteTable
        {
            Name = "t",
            MostSpecificHeaderEditsWin = mostSpecificWins,
            RequestHeaders = new HeaderEdits([], [Level("table")]),
            ResponseHeaders = new HeaderEdits([], [Level("table")]),
            VirtualHosts =
            [
                new VirtualHost
                {
                    Name = "v",
                    Domains = ["*"],
                    Routes = [route],
                    RequestHeaders = new HeaderEdits([], [Level("host")]),
                    ResponseHeaders = new HeaderEdits([], [Level("host")]),
                },
            ],
        };
        return table.Match(new RouteQuery<HeaderLines> { Headers = new HeaderLines(), Method = "GET", Scheme = "http", Authority = "a", Path = "/" });
    }

    private static WeightedCluster Entry() => new()
    {
        Name = "c",
        Weight = 1,
        RequestHeaders = new HeaderEdits([], [Level("cluster")]),
        ResponseHeaders = new HeaderEdits([], [Level("cluster")]),
    };

    private static HeaderAddition Level(string value) => new("x-level", HeaderFormat.Literal(value), HeaderAppendAction.OverwriteIfExistsOrAdd, false);

    private static HeaderLines Request(string path) => new([KeyValuePair.Create(":authority", "shop.example"), KeyValuePair.Create(":path", path)]);
}
