using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Model.Tests.Routes;

public sealed class RouteTableTests
{
    [Fact]
    public void Match_EarlierPrefixAndLaterExactPath_EarlierRouteWins()
    {
        var table = Table(To("early", PathCondition.Prefix("/a")), To("late", PathCondition.Exact("/a/b")));
        Assert.Equal("early", table.Match(Get("/a/b")).Route!.Name);
    }

    [Theory]
    [InlineData("shop.example", "exact")]
    [InlineData("SHOP.example", "exact")]
    [InlineData("a.shop.example", "long suffix")]
    [InlineData("a.example", "suffix")]
    [InlineData(".example", "any")]
    [InlineData("shop.other", "prefix")]
    [InlineData("shop.", "any")]
    [InlineData("shop.example:80", "prefix")]
    public void Match_Domains_ExactThenLongestSuffixThenPrefixThenAny(string authority, string expected)
    {
        var table = new RouteTable
        {
            Name = "t",
            VirtualHosts =
            [
                Host("any", "*"), Host("prefix", "shop.*"), Host("suffix", "*.example"), Host("long suffix", "*.shop.example"), Host("exact", "shop.example"),
            ],
        };
        Assert.Equal(expected, table.Match(Get("/", authority)).VirtualHost!.Name);
    }

    [Fact]
    public void Match_IgnorePort_PortDoesNotCount()
    {
        var table = new RouteTable { Name = "t", IgnorePortInHost = true, VirtualHosts = [Host("v6", "[::1]"), Host("name", "shop.example")] };
        Assert.Equal("v6", table.Match(Get("/", "[::1]:8080")).VirtualHost!.Name);
        Assert.Equal("name", table.Match(Get("/", "shop.example:8080")).VirtualHost!.Name);
        Assert.Null(table.Match(Get("/", "other:8080")).Route);
    }

    [Theory]
    [InlineData("/api", true)]
    [InlineData("/api/", true)]
    [InlineData("/api/v1", true)]
    [InlineData("/api?x", true)]
    [InlineData("/apix", false)]
    [InlineData("/API", false)]
    public void Match_SeparatedPrefix_WholeSegmentsOnly(string path, bool expected) =>
        Assert.Equal(expected, Table(To("r", PathCondition.SeparatedPrefix("/api"))).Match(Get(path)).Route is not null);

    [Fact]
    public void Match_ConnectWithoutPath_OnlyConnectConditionFits()
    {
        var table = Table(To("prefix", PathCondition.Prefix("")), To("connect", PathCondition.Connect()));
        Assert.Equal("connect", table.Match(Get(null) with { Method = "CONNECT" }).Route!.Name);
        Assert.Equal("prefix", table.Match(Get("/")).Route!.Name);
    }

    [Fact]
    public void Match_WithoutScheme_NoRoute() =>
        Assert.Null(Table(To("r", PathCondition.Prefix("/"))).Match(Get("/") with { Scheme = null }).Route);

    [Fact]
    public void Match_TlsRequiredOnPlainRequest_RedirectsToHttps()
    {
        var table = new RouteTable
        {
            Name = "t",
            VirtualHosts = [new VirtualHost { Name = "v", Domains = ["*"], RequireTls = TlsRequirement.All, Routes = [To("r", PathCondition.Prefix("/"))] }],
        };
        var redirect = Assert.IsType<RedirectAction>(table.Match(Get("/x")).Route!.Action);
        Assert.Equal("https://shop.example/x", redirect.Location("http", "http", "shop.example", "/x"));
        Assert.Equal("r", table.Match(Get("/x") with { Scheme = "https" }).Route!.Name);
    }

    [Fact]
    public void Match_HotPath_AllocatesNothing()
    {
        Assert.True(StringMatcher.TryRegex("/v[0-9]+/.*", out var regex, out _));
        var table = new RouteTable
        {
            Name = "t",
            IgnorePathParameters = true,
            VirtualHosts =
            [
                Host("other", "other.example"), Host("suffix", "*.suffix.example"),
                new VirtualHost
                {
                    Name = "v",
                    Domains = ["*"],
                    Routes =
                    [
                        To("regex", PathCondition.Regex(regex)),
                        new Route
                        {
                            Name = "conditions",
                            Condition = new RouteCondition
                            {
                                Path = PathCondition.Prefix("/"),
                                Headers = [HeaderMatcher.Value("x-user", StringMatcher.Suffix("-test")), HeaderMatcher.Range("x-age", 1, 9)],
                                QueryParameters = [new QueryParameterMatcher("q", StringMatcher.Exact("2", ignoreCase: true))],
                                Fraction = new RuntimeFraction(new Fraction(50, 100), ""),
                            },
                            Action = Action("conditions"),
                        },
                        To("last", PathCondition.SeparatedPrefix("/last", ignoreCase: true)),
                    ],
                },
            ],
        };
        var queries = new[] { Get("/v1/x"), Get("/?q=2", headers: [("x-user", "a-test"), ("x-age", "3")]), Get("/LAST/x;p?q=1"), Get("/none") };
        var expected = new[] { "regex", "conditions", "last", null };
        for (var round = 0; round < 3; round++)
            RunAll(table, queries, expected);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            RunAll(table, queries, expected);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void RunAll(RouteTable table, RouteQuery<HeaderLines>[] queries, string?[] expected)
    {
        for (var i = 0; i < queries.Length; i++)
        {
            var match = table.Match(queries[i]);
            if (match.Route?.Name != expected[i])
                throw new InvalidOperationException($"query {i} got {match.Route?.Name}");
            if (match.Route?.Action is ForwardAction action && action.SelectCluster(7, queries[i].Headers).Cluster.Length == 0)
                throw new InvalidOperationException("no cluster");
        }
    }

    private static RouteTable Table(params Route[] routes) =>
        new() { Name = "t", VirtualHosts = [new VirtualHost { Name = "v", Domains = ["*"], Routes = routes }] };

    private static VirtualHost Host(string name, params string[] domains) =>
        new() { Name = name, Domains = domains, Routes = [To("r", PathCondition.Prefix("/"))] };

    private static Route To(string name, PathCondition path) => new() { Name = name, Condition = new RouteCondition { Path = path }, Action = Action(name) };

    private static ForwardAction Action(string name) => new()
    {
        Clusters = ClusterSelector.ByWeight([new WeightedCluster { Name = name, Weight = 1 }, new WeightedCluster { Name = "other", Weight = 2 }]),
    };

    private static RouteQuery<HeaderLines> Get(string? path, string authority = "shop.example", (string Name, string Value)[]? headers = null) => new()
    {
        Headers = new HeaderLines((headers ?? []).Select(static header => KeyValuePair.Create(header.Name, header.Value))),
        Method = "GET",
        Scheme = "http",
        Authority = authority,
        Path = path,
    };
}
