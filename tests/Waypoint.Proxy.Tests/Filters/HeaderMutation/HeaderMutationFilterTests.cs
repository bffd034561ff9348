using Microsoft.AspNetCore.Http;
using Waypoint.Model.Filters.HeaderMutation;
using Waypoint.Model.Headers;
using Waypoint.Proxy.Filters.HeaderMutation;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Filters.HeaderMutation;

public sealed class HeaderMutationFilterTests
{
    private const string Name = "istio.waypoint.xfcc_client_identity";

    [Fact]
    public async Task Apply_ClientCertHeaderFromFilterState_ReplacesWhatTheClientSent()
    {
        const string Value = "By=%FILTER_STATE(io.istio.local_principal:PLAIN)%;URI=%FILTER_STATE(io.istio.peer_principal:PLAIN)%";
        HttpExchange exchange = await ApplyAsync(
            new MutationSet { Request = new HeaderMutationList([Set("x-forwarded-client-cert", Value)]) }, ("x-forwarded-client-cert", "URI=spiffe://forged"));
        Assert.Equal(
            "By=spiffe://cluster.local/ns/shop/sa/waypoint;URI=spiffe://cluster.local/ns/clients/sa/web", exchange.Context.Request.Headers["x-forwarded-client-cert"]);
    }

    [Fact]
    public async Task Apply_ResponseAndTrailers_ChangedWhenTheyCome()
    {
        HttpExchange exchange = await ApplyAsync(new MutationSet
        {
            Response = new HeaderMutationList([Set("x-answer", "%RESPONSE_CODE%"), new Model.Headers.HeaderMutation(Remove: "x-secret")]),
            ResponseTrailers = new HeaderMutationList([Set("x-end", "1")]),
        });
        exchange.Context.Response.StatusCode = 204;
        exchange.Context.Response.Headers["X-Secret"] = "1";
        exchange.EditResponse();
        var trailers = new HeaderDictionary { ["grpc-status"] = "0" };
        await exchange.EditTrailersAsync(trailers);
        Assert.Equal("204", exchange.Context.Response.Headers["x-answer"]);
        Assert.False(exchange.Context.Response.Headers.ContainsKey("x-secret"));
        Assert.Equal("1", trailers["x-end"]);
    }

    private static Model.Headers.HeaderMutation Set(string name, string value)
    {
        Assert.True(HeaderFormat.TryParse(value, out HeaderFormat? format, out string? problem), problem);
        return new(new HeaderAddition(name, format, HeaderAppendAction.OverwriteIfExistsOrAdd, false));
    }

    private static async Task<HttpExchange> ApplyAsync(MutationSet mutations, params (string Name, string Value)[] headers)
    {
        HttpExchange exchange = FilterRoutes.Route(new ExchangeBuilder { Headers = headers, Config = FilterRoutes.Config(Name, null) });
        Assert.True(await new HeaderMutationFilter(new HeaderMutationFilterConfig(Name, mutations, false)).ApplyAsync(exchange));
        return exchange;
    }
}
