using Waypoint.Model.Failures;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Http;

public sealed class RequestHygieneTests
{
    private static readonly HttpConnectionConfig Defaults = new ExchangeBuilder().Config;

    [Theory]
    [InlineData("x-envoy-retry-on")]
    [InlineData("x-envoy-max-retries")]
    [InlineData("x-envoy-upstream-rq-timeout-ms")]
    [InlineData("x-envoy-internal")]
    [InlineData("X-Envoy-Original-Url")]
    public void Apply_ClientSetsRouterControls_TheyAreRemoved(string name)
    {
        HttpExchange exchange = new ExchangeBuilder { Headers = [(name, "1")] }.Build();
        Assert.Equal(FailureReason.None, RequestHygiene.Apply(exchange, Defaults));
        Assert.False(exchange.Context.Request.Headers.ContainsKey(name));
    }

    [Fact]
    public void Apply_ClientClaimsACertificate_ClaimIsRemoved()
    {
        HttpExchange exchange = new ExchangeBuilder { Headers = [("x-forwarded-client-cert", "URI=spiffe://cluster.local/ns/a/sa/admin")] }.Build();
        Assert.Equal(FailureReason.None, RequestHygiene.Apply(exchange, Defaults));
        Assert.False(exchange.Context.Request.Headers.ContainsKey("x-forwarded-client-cert"));
    }

    [Fact]
    public void Apply_NoRequestId_OneOfVersion4IsMade()
    {
        HttpExchange exchange = new ExchangeBuilder().Build();
        Assert.Equal(FailureReason.None, RequestHygiene.Apply(exchange, Defaults));
        string id = exchange.Context.Request.Headers["x-request-id"].ToString();
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id);
    }

    [Fact]
    public void Apply_RequestIdGiven_Kept()
    {
        HttpExchange exchange = new ExchangeBuilder { Headers = [("x-request-id", "mine")] }.Build();
        RequestHygiene.Apply(exchange, Defaults);
        Assert.Equal("mine", exchange.Context.Request.Headers["x-request-id"].ToString());
    }

    [Fact]
    public void Apply_TeWithTrailersAmongOthers_OnlyTrailersStays()
    {
        HttpExchange exchange = new ExchangeBuilder { Headers = [("te", "gzip, Trailers")] }.Build();
        RequestHygiene.Apply(exchange, Defaults);
        Assert.Equal("trailers", exchange.Context.Request.Headers.TE.ToString());
    }

    [Fact]
    public void Apply_TeWithoutTrailers_Removed()
    {
        HttpExchange exchange = new ExchangeBuilder { Headers = [("te", "gzip")] }.Build();
        RequestHygiene.Apply(exchange, Defaults);
        Assert.Equal(0, exchange.Context.Request.Headers.TE.Count);
    }

    [Fact]
    public void Apply_Http10_TooLow() =>
        Assert.Equal(FailureReason.HttpVersionTooLow, RequestHygiene.Apply(new ExchangeBuilder { Protocol = "HTTP/1.0" }.Build(), Defaults));

    [Fact]
    public void Apply_Http10WhereEnabled_Passes() =>
        Assert.Equal(FailureReason.None, RequestHygiene.Apply(new ExchangeBuilder { Protocol = "HTTP/1.0" }.Build(), Defaults with { AcceptHttp10 = true }));

    [Fact]
    public void Apply_NoHost_Refused() =>
        Assert.Equal(FailureReason.MissingHost, RequestHygiene.Apply(new ExchangeBuilder { Host = null }.Build(), Defaults));

    [Fact]
    public void Apply_ConnectInsideAChain_Refused() =>
        Assert.Equal(FailureReason.UpgradeNotAllowed, RequestHygiene.Apply(new ExchangeBuilder { Method = "CONNECT", Target = "a:80" }.Build(), Defaults));

    [Theory]
    [InlineData(UnderscoreHeadersAction.Allow, FailureReason.None, true)]
    [InlineData(UnderscoreHeadersAction.DropHeader, FailureReason.None, false)]
    [InlineData(UnderscoreHeadersAction.RejectRequest, FailureReason.UnderscoreHeader, true)]
    public void Apply_HeaderNameWithUnderscore_AsConfigured(UnderscoreHeadersAction action, FailureReason expected, bool kept)
    {
        HttpExchange exchange = new ExchangeBuilder { Headers = [("x_a", "1")] }.Build();
        Assert.Equal(expected, RequestHygiene.Apply(exchange, Defaults with { Http1 = new Http1Config { UnderscoreHeaders = action } }));
        Assert.Equal(kept, exchange.Context.Request.Headers.ContainsKey("x_a"));
    }

    [Theory]
    [InlineData("http://shop.test/a?b=c", "/a?b=c")]
    [InlineData("http://shop.test", "/")]
    [InlineData("http://shop.test?b", "/?b")]
    [InlineData("/a#fragment", "/a")]
    [InlineData("/a/../b", "/b")]
    public void Apply_TargetInAnotherForm_BecomesThePath(string target, string path)
    {
        HttpExchange exchange = new ExchangeBuilder { Target = target }.Build();
        Assert.Equal(FailureReason.None, RequestHygiene.Apply(exchange, Defaults with { NormalizePath = true }));
        Assert.Equal(path, exchange.Path);
    }
}
