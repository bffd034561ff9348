using Waypoint.Model.FilterChains;
using Waypoint.Model.Headers;
using Waypoint.Model.Matching;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Http;

public sealed class ExchangeMetadataTests
{
    [Fact]
    public void FindRoute_MetadataWrittenSince_AnotherRouteFits()
    {
        HttpConnectionConfig config = Config();
        HttpExchange exchange = new ExchangeBuilder { Config = config, Headers = [("x-forwarded-proto", "http")] }.Build();
        exchange.FindRoute(config);
        Assert.Equal("rest", exchange.Match.Route?.Name);

        exchange.Metadata.Set("f", "k", MetadataValue.Of("v"));
        exchange.FindRoute(config);
        Assert.Equal("claims", exchange.Match.Route?.Name);
    }

    [Fact]
    public void EditRequest_HeaderFromMetadata_BearsTheValue()
    {
        HttpConnectionConfig config = Config();
        HttpExchange exchange = new ExchangeBuilder { Config = config, Headers = [("x-forwarded-proto", "http")] }.Build();
        exchange.Metadata.Set("f", "k", MetadataValue.Of("v"));
        exchange.FindRoute(config);
        exchange.EditRequest();
        Assert.Equal("v", exchange.Context.Request.Headers["x-claim"]);
    }

    [Fact]
    public void End_RequestWithMetadata_NextOneStartsWithout()
    {
        var builder = new ExchangeBuilder();
        HttpExchange exchange = builder.Build();
        exchange.Metadata.Set("f", "k", MetadataValue.Of("v"));
        exchange.End();
        builder.Begin(exchange);
        Assert.Null(exchange.Metadata.Get("f"));
    }

    private static HttpConnectionConfig Config()
    {
        Assert.True(HeaderFormat.TryParse("%DYNAMIC_METADATA(f:k)%", out HeaderFormat? format, out _));
        var metadata = new MetadataMatcher("f", ["k"], ValueMatcher.Text(StringMatcher.Exact("v")));
        Route[] routes =
        [
            new Route
            {
                Name = "claims",
                Condition = new RouteCondition { Path = PathCondition.Prefix("/"), Metadata = [metadata] },
                Action = new ForwardAction { Clusters = ClusterSelector.Single("c") },
                RequestHeaders = new HeaderEdits([], [new HeaderAddition("x-claim", format, HeaderAppendAction.OverwriteIfExistsOrAdd, false)]),
            },
            new Route { Name = "rest", Condition = new RouteCondition { Path = PathCondition.Prefix("/") }, Action = new ForwardAction { Clusters = ClusterSelector.Single("c") } },
        ];
        return new HttpConnectionConfig
        {
            Routes = new RouteTable { Name = "t", VirtualHosts = [new VirtualHost { Name = "v", Domains = ["*"], Routes = routes }] },
            Filters = [],
        };
    }
}
