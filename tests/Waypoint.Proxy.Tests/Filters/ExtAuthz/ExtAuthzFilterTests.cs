using Microsoft.AspNetCore.Http;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Model.Matching;
using Waypoint.Proxy.Filters.ExtAuthz;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Filters.ExtAuthz;

public sealed class ExtAuthzFilterTests
{
    private const string Name = "envoy.filters.http.ext_authz";

    private static readonly GrpcAuthorizerService Nobody = new("outbound|9000||gone", "gone", TimeSpan.FromSeconds(1), [], 1 << 20);

    private static readonly MetadataMatcher Custom =
        new("envoy.filters.http.rbac", ["istio_ext_authz_shadow_effective_policy_id"], ValueMatcher.Text(StringMatcher.Prefix("istio-ext-authz-lab")));

    [Fact]
    public async Task Apply_ServiceWithoutCluster_RefusedWith403()
    {
        HttpExchange exchange = Exchange();
        Assert.False(await Apply(exchange, new ExtAuthzFilterConfig(Name, Nobody)));
        Assert.Equal((403, "UAEX", "ext_authz_error"), Outcome(exchange));
    }

    [Fact]
    public async Task Apply_ServiceWithoutCluster_StatusOnError()
    {
        HttpExchange exchange = Exchange();
        Assert.False(await Apply(exchange, new ExtAuthzFilterConfig(Name, Nobody) { StatusOnError = 503 }));
        Assert.Equal((503, "UAEX", "ext_authz_error"), Outcome(exchange));
    }

    [Fact]
    public async Task Apply_FailureModeAllow_PassesWithHeader()
    {
        HttpExchange exchange = Exchange();
        Assert.True(await Apply(exchange, new ExtAuthzFilterConfig(Name, Nobody) { FailureModeAllow = true, FailureModeAllowHeaderAdd = true }));
        Assert.Equal("true", exchange.Context.Request.Headers[ExtAuthzFilterConfig.FailureModeHeader]);
    }

    [Fact]
    public async Task Apply_NoCustomPolicyFits_NotAsked() => Assert.True(await Apply(Exchange(), new ExtAuthzFilterConfig(Name, Nobody) { EnabledMetadata = Custom }));

    [Fact]
    public async Task Apply_CustomPolicyFits_Asked()
    {
        HttpExchange exchange = Exchange();
        exchange.Metadata.Set("envoy.filters.http.rbac", "istio_ext_authz_shadow_effective_policy_id", MetadataValue.Of("istio-ext-authz-lab-ns[a]"));
        Assert.False(await Apply(exchange, new ExtAuthzFilterConfig(Name, Nobody) { EnabledMetadata = Custom }));
    }

    [Fact]
    public async Task Apply_NotAskedButDenyAtDisable_Refused()
    {
        HttpExchange exchange = Exchange();
        Assert.False(await Apply(exchange, new ExtAuthzFilterConfig(Name, Nobody) { EnabledMetadata = Custom, DenyAtDisable = true, StatusOnError = 503 }));
        Assert.Equal((503, "UAEX", "ext_authz_error"), Outcome(exchange));
    }

    [Fact]
    public async Task Apply_DisabledOnRoute_NotAsked() => Assert.True(await Apply(Exchange(new ExtAuthzRouteConfig(IsDisabled: true)), new ExtAuthzFilterConfig(Name, Nobody)));

    [Fact]
    public void TryApply_Changes_InOrderThenRemovals()
    {
        HttpExchange exchange = Exchange();
        exchange.Context.Request.Headers["x-user"] = "forged";
        exchange.Context.Request.Headers["x-drop"] = "1";
        Assert.True(RequestChange.TryApply(exchange, new CheckAnswer(CheckOutcome.Allowed)
        {
            RequestHeaders =
            [
                new("x-user", "kim", Model.Headers.HeaderAppendAction.OverwriteIfExistsOrAdd),
                new("x-new", "a", Model.Headers.HeaderAppendAction.AddIfAbsent),
                new("x-new", "b", Model.Headers.HeaderAppendAction.AddIfAbsent),
                new("x-none", "c", Model.Headers.HeaderAppendAction.OverwriteIfExists),
                new(":path", "/other?a=1", Model.Headers.HeaderAppendAction.OverwriteIfExistsOrAdd),
            ],
            RequestHeadersToRemove = ["x-drop", ":path", "host"],
            QueryToSet = [new("b", "2")],
        }, rules: null));
        IHeaderDictionary headers = exchange.Context.Request.Headers;
        Assert.Equal(("kim", "a", "/other?a=1&b=2", "shop.test"), (headers["x-user"].ToString(), headers["x-new"].ToString(), exchange.Path, exchange.Authority));
        Assert.False(headers.ContainsKey("x-none"));
        Assert.False(headers.ContainsKey("x-drop"));
    }

    [Theory]
    [InlineData("x-a", "b\r\nx-admin: 1")]
    [InlineData("x-a", "b\0")]
    [InlineData("x a", "b")]
    [InlineData("", "b")]
    [InlineData("content-length", "5")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData(":method", "DELETE")]
    [InlineData(":path", "http://elsewhere/")]
    [InlineData(":path", "/a b")]
    public void TryApply_ImpossibleHeader_Refused(string name, string value) => Assert.False(RequestChange.TryApply(Exchange(), new CheckAnswer(CheckOutcome.Allowed)
    {
        RequestHeaders = [new(name, value, Model.Headers.HeaderAppendAction.OverwriteIfExistsOrAdd)],
    }, rules: null));

    [Theory]
    [InlineData("a&b", "1")]
    [InlineData("a", "1#2")]
    [InlineData("a", "1 HTTP/1.1")]
    public void TryApply_QueryThatWouldBecomeMore_LineNeverSplit(string key, string value)
    {
        HttpExchange exchange = Exchange();
        bool applied = RequestChange.TryApply(exchange, new CheckAnswer(CheckOutcome.Allowed) { QueryToSet = [new(key, value)] }, rules: null);
        Assert.True(!applied || !exchange.Path.AsSpan().ContainsAny(" #\r\n"));
    }

    [Fact]
    public void TryApply_ForbiddenByRules_LeftOutOrRefused()
    {
        var answer = new CheckAnswer(CheckOutcome.Allowed) { RequestHeaders = [new("x-envoy-a", "1", Model.Headers.HeaderAppendAction.OverwriteIfExistsOrAdd)] };
        HttpExchange exchange = Exchange();
        Assert.True(RequestChange.TryApply(exchange, answer, new Model.Headers.HeaderMutationRules()));
        Assert.False(exchange.Context.Request.Headers.ContainsKey("x-envoy-a"));
        Assert.False(RequestChange.TryApply(exchange, answer, new Model.Headers.HeaderMutationRules { DisallowIsError = true }));
    }

    [Fact]
    public void Reply_HeadersOfTheService_ReplaceOursAndFramingIsLeftOut()
    {
        var response = new HeaderDictionary { ["set-cookie"] = "old" };
        ReplyHeaders.Apply(response, [
            new("set-cookie", "a=1", default), new("set-cookie", "b=2", default), new("content-length", "9", default), new("x-bad", "a\nb", default), new("x-why", "tea", default)]);
        Assert.Equal("a=1,b=2", string.Join(',', response["set-cookie"].ToArray()));
        Assert.Equal(["set-cookie", "x-why"], response.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Edit_Twice_LineIsAddedOnce()
    {
        HttpExchange exchange = Exchange();
        var edit = new AuthorizerResponseEdit([new("x-audit", "7", Model.Headers.HeaderAppendAction.AppendIfExistsOrAdd)]);
        edit.Edit(exchange);
        edit.Edit(exchange);
        Assert.Equal("7", exchange.Context.Response.Headers["x-audit"].ToString());
    }

    private static HttpExchange Exchange(ExtAuthzRouteConfig? route = null) => FilterRoutes.Route(new ExchangeBuilder { Config = FilterRoutes.Config(Name, route) });

    private static async Task<bool> Apply(HttpExchange exchange, ExtAuthzFilterConfig config) => await new ExtAuthzFilter(config).ApplyAsync(exchange);

    private static (int Status, string? Flags, string? Details) Outcome(HttpExchange exchange)
    {
        var record = ExchangeRecord.Of(exchange, false);
        return (exchange.Context.Response.StatusCode, record.Flags, record.Details);
    }
}
