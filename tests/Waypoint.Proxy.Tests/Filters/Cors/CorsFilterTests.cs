using Microsoft.AspNetCore.Http;
using Waypoint.Model.Failures;
using Waypoint.Model.Filters.Cors;
using Waypoint.Model.Matching;
using Waypoint.Proxy.Filters.Cors;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Filters.Cors;

public sealed class CorsFilterTests
{
    private const string Name = "envoy.filters.http.cors";
    private const string Origin = "https://app.example";

    private static readonly CorsRouteConfig Policy = new()
    {
        AllowedOrigins = [StringMatcher.Exact(Origin)],
        AllowMethods = "GET",
        ExposeHeaders = "x-total",
        ForwardNotMatchingPreflights = false,
    };

    private static readonly CorsFilter Filter = new(new CorsFilterConfig(Name));

    [Fact]
    public async Task Apply_Preflight_AnsweredWithThePolicyAndWithoutTheRoutesEdits()
    {
        HttpExchange exchange = Exchange("OPTIONS", Origin, "GET", Policy);
        Assert.False(await Filter.ApplyAsync(exchange));
        HttpResponse response = exchange.Context.Response;
        Assert.Equal(
            (200, Origin, "GET", "istio-envoy", 0L, ""),
            (response.StatusCode, Header(response, "access-control-allow-origin"), Header(response, "access-control-allow-methods"), Header(response, "server"),
                response.ContentLength, Header(response, "x-route")));
        Assert.Equal(("cors_response", ""), (ExchangeRecord.Of(exchange, false).Details, ExchangeRecord.Of(exchange, false).Flags));
    }

    [Fact]
    public async Task Apply_UnmatchedPreflightThatStaysHere_AnsweredEmpty()
    {
        HttpExchange exchange = Exchange("OPTIONS", "https://evil.example", "GET", Policy);
        Assert.False(await Filter.ApplyAsync(exchange));
        Assert.Equal(200, exchange.Context.Response.StatusCode);
        Assert.DoesNotContain(exchange.Context.Response.Headers, header => header.Key.StartsWith("access-control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Apply_UnmatchedPreflightThatIsForwarded_Passes()
    {
        Assert.True(await Filter.ApplyAsync(Exchange("OPTIONS", "https://evil.example", "GET", Policy with { ForwardNotMatchingPreflights = true })));
    }

    [Fact]
    public async Task Apply_ActualRequest_OriginAsItCameIsOnTheResponse()
    {
        HttpExchange exchange = Exchange("GET", Origin, null, Policy);
        Assert.True(await Filter.ApplyAsync(exchange));
        exchange.Context.Request.Headers.Origin = "https://edited.example";
        exchange.Context.Response.Headers.AccessControlAllowOrigin = "*";
        exchange.EditResponse();
        HttpResponse response = exchange.Context.Response;
        Assert.Equal((Origin, "x-total", "yes"), (Header(response, "access-control-allow-origin"), Header(response, "access-control-expose-headers"), Header(response, "x-route")));
    }

    [Fact]
    public async Task Apply_ActualRequestThatFailsLater_LocalReplyIsReadableForTheOrigin()
    {
        HttpExchange exchange = Exchange("GET", Origin, null, Policy);
        await Filter.ApplyAsync(exchange);
        await LocalReply.FailAsync(exchange, FailureReason.NoHealthyUpstream);
        Assert.Equal(Origin, Header(exchange.Context.Response, "access-control-allow-origin"));
    }

    [Fact]
    public async Task End_AfterMarkedResponse_NextRequestIsNotMarked()
    {
        HttpExchange exchange = Exchange("GET", Origin, null, Policy);
        await Filter.ApplyAsync(exchange);
        exchange.End();
        new ExchangeBuilder().Begin(exchange);
        exchange.EditResponse();
        Assert.Equal("", Header(exchange.Context.Response, "access-control-allow-origin"));
    }

    [Fact]
    public async Task Apply_RouteWithoutPolicy_Untouched()
    {
        HttpExchange exchange = Exchange("OPTIONS", Origin, "GET", null);
        Assert.True(await Filter.ApplyAsync(exchange));
        exchange.EditResponse();
        Assert.Equal("", Header(exchange.Context.Response, "access-control-allow-origin"));
    }

    private static HttpExchange Exchange(string method, string origin, string? requestedMethod, CorsRouteConfig? policy)
    {
        var builder = new ExchangeBuilder
        {
            Method = method,
            Config = FilterRoutes.Config(Name, policy),
            Headers = requestedMethod is null ? [("origin", origin)] : [("origin", origin), ("access-control-request-method", requestedMethod)],
        };
        return FilterRoutes.Route(builder);
    }

    private static string Header(HttpResponse response, string name) => response.Headers[name].ToString();
}
