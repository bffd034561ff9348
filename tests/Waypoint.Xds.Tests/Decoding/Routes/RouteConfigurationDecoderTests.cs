using Waypoint.Model.Routes;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Routes;

namespace Waypoint.Xds.Tests.Decoding.Routes;

public sealed class RouteConfigurationDecoderTests
{
    private const string Where = "Route 'reviews-v2' in virtual host 'inbound|http|9080' of route table 'inbound-vip|9080|http|reviews'";

    [Fact]
    public void Decode_DefaultRouteOfIstiod_NothingToSay()
    {
        var (table, context) = Decode("""
            "match": {"prefix": "/"}, "decorator": {"operation": "reviews:9080/*"},
            "metadata": {"filter_metadata": {"istio": {"config": "/apis/x"}}},
            "route": {"cluster": "c", "timeout": "0s", "max_grpc_timeout": "0s", "retry_policy": {
              "retry_on": "connect-failure,refused-stream,unavailable,cancelled,,retriable-status-codes", "num_retries": 2,
              "host_selection_retry_max_attempts": "5",
              "retry_host_predicate": [{"name": "p", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"}}]}}
            """);
        Assert.Empty(context.Problems);
        Assert.Empty(context.Ignored);
        var route = table.VirtualHosts[0].Routes[0];
        var action = Assert.IsType<ForwardAction>(route.Action);
        Assert.Equal("/apis/x", route.IstioConfig);
        Assert.Equal("/apis/x", route.Metadata.Get("istio")?.Field("config")?.Text);
        Assert.Equal("reviews:9080/*", route.DecoratorOperation);
        Assert.Equal(TimeSpan.Zero, action.EffectiveTimeout);
        Assert.Equal(RetryOn.ConnectFailure | RetryOn.RefusedStream | RetryOn.GrpcUnavailable | RetryOn.GrpcCancelled | RetryOn.RetriableStatusCodes, route.RetryPolicy!.RetryOn);
        Assert.Equal(2, route.RetryPolicy.MaxRetries);
        Assert.Equal(5, route.RetryPolicy.HostSelectionAttempts);
        Assert.True(route.RetryPolicy.AvoidPreviousHosts);
    }

    [Fact]
    public void Decode_RateLimitedBackOff_HeadersAndBound()
    {
        var (table, context) = Decode("""
            "match": {"prefix": "/"}, "route": {"cluster": "c", "retry_policy": {"retry_on": "5xx", "rate_limited_retry_back_off": {
              "reset_headers": [{"name": "Retry-After"}, {"name": "X-RateLimit-Reset", "format": "UNIX_TIMESTAMP"}], "max_interval": "60s"}}}
            """);
        Assert.Empty(context.Problems);
        Assert.Empty(context.Ignored);
        var policy = table.VirtualHosts[0].Routes[0].RetryPolicy!;
        Assert.Equal([new RetryResetHeader("retry-after", false), new RetryResetHeader("x-ratelimit-reset", true)], policy.ResetHeaders);
        Assert.Equal(TimeSpan.FromSeconds(60), policy.ResetMaxInterval);
    }

    [Fact]
    public void Decode_TimeoutAbsent_FifteenSeconds()
    {
        var (table, _) = Decode("""
            "match": {"prefix": "/"}, "route": {"cluster": "c"}
            """);
        var action = Assert.IsType<ForwardAction>(table.VirtualHosts[0].Routes[0].Action);
        Assert.Null(action.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(15), action.EffectiveTimeout);
    }

    [Theory]
    [InlineData("""{"safe_regex": {"regex": "(+a)"}}""", "{}", "match.safe_regex.regex is (+a); no argument for repetition operator: + (at 1); accepted an RE2 expression")]
    [InlineData("""{"path_separated_prefix": "/a/"}""", "{}", "match.path_separated_prefix is '/a/'; accepted two characters or more without ? and # and without a slash at the end")]
    [InlineData("{}", "{}", "match.path_specifier is required; accepted prefix, path, safe_regex, path_separated_prefix, path_match_policy or connect_matcher")]
    [InlineData("""{"prefix": "/", "headers": [{"name": "a"}, {"name": "b c"}]}""", "{}", "match.headers[1].name is 'b c'; accepted a header name")]
    [InlineData("""{"prefix": "/"}""", """{"timeout": "-1s"}""", "route.timeout is -1s 0ns; accepted 0s-315360000s")]
    [InlineData("""{"prefix": "/"}""", """{"retry_policy": {"retry_back_off": {"base_interval": "10s", "max_interval": "5s"}}}""",
        "route.retry_policy.retry_back_off.max_interval is 5s; accepted base_interval (10s) or more")]
    [InlineData("""{"prefix": "/"}""", """{"regex_rewrite": {"pattern": {"regex": "/a"}, "substitution": "\\1"}}""",
        "route.regex_rewrite.pattern.regex is /a with the substitution \\1; the substitution names group 1 and the pattern has 0; accepted an RE2 expression and a substitution with its groups")]
    public void Decode_WrongValue_ProblemNamesRouteFieldValueAndWhatIsAccepted(string match, string route, string expected)
    {
        var (_, context) = Decode($"\"match\": {match}, \"route\": {Merge(route)}");
        Assert.Equal($"{Where}: {expected}", Assert.Single(context.Problems).Message);
    }

    [Theory]
    [InlineData("""{"internal_redirect_policy": {}}""", "route.internal_redirect_policy asks for InternalRedirects, which is not implemented")]
    [InlineData("""{"cors": {}}""", "route.cors asks for CorsWithoutFilter, which is not implemented")]
    public void Decode_FeatureThatIsNotExecuted_RouteIsRefusedByName(string route, string expected)
    {
        var (_, context) = Decode($"\"match\": {{\"prefix\": \"/\"}}, \"route\": {Merge(route)}");
        Assert.Equal($"{Where}: {expected}", Assert.Single(context.Problems).Message);
    }

    [Fact]
    public void Decode_ClaimCondition_RouteAsksForIt()
    {
        var (table, context) = Decode("""
            "match": {"prefix": "/", "dynamic_metadata": [{"filter": "f", "path": [{"key": "k"}], "value": {"present_match": true}}]}, "route": {"cluster": "c"}
            """);
        Assert.Empty(context.Problems);
        Assert.Single(table!.VirtualHosts[0].Routes[0].Condition.Metadata);
    }

    [Fact]
    public void Decode_HedgePolicy_IsListedOnly()
    {
        var (_, context) = Decode("""
            "match": {"prefix": "/"}, "route": {"cluster": "c", "hedge_policy": {}}
            """);
        Assert.Empty(context.Problems);
        Assert.Equal("route.hedge_policy", Assert.Single(context.Ignored).FieldPath);
    }

    [Fact]
    public void Decode_SeveralMistakes_EveryOneIsReported()
    {
        var (_, context) = Decode("""
            "match": {"prefix": "/", "headers": [{"name": ""}]},
            "request_headers_to_add": [{"header": {"key": "host", "value": "%NOPE%"}}],
            "typed_per_filter_config": {"f": {"@type": "type.googleapis.com/google.protobuf.BoolValue", "value": true}},
            "direct_response": {"status": 99, "body": {"filename": "/etc/passwd"}}
            """);
        Assert.Equal(
            [
                "match.headers[0].name", "direct_response.status", "direct_response.body", "request_headers_to_add[0].header.key",
                "request_headers_to_add[0].header.value", "typed_per_filter_config['f']",
            ],
            context.Problems.Select(static problem => problem.FieldPath));
    }

    [Theory]
    [InlineData("""{"@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", "disabled": true}""", true)]
    [InlineData("""{"@type": "type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute"}""", false)]
    public void Decode_FilterConfig_MostSpecificIsKept(string config, bool present)
    {
        var (table, context) = Decode($"\"match\": {{\"prefix\": \"/\"}}, \"route\": {{\"cluster\": \"c\"}}, \"typed_per_filter_config\": {{\"f\": {config}}}");
        Assert.Empty(context.Problems);
        Assert.Equal(present, table.VirtualHosts[0].Routes[0].FilterConfigs.TryGetValue("f", out var decoded) && decoded.Disabled);
    }

    [Fact]
    public void Decode_EmptyPathRedirect_PathStays()
    {
        var (table, context) = Decode("""
            "match": {"prefix": "/"}, "redirect": {"path_redirect": "", "port_redirect": 8443, "response_code": "SEE_OTHER"}
            """);
        Assert.Empty(context.Problems);
        var redirect = Assert.IsType<Waypoint.Model.Routes.RedirectAction>(table.VirtualHosts[0].Routes[0].Action);
        Assert.Equal(303, redirect.Status);
        Assert.Equal("http://shop.example:8443/x?q", redirect.Location("http", "http", "shop.example:80", "/x?q"));
    }

    private static string Merge(string route) => route == "{}" ? """{"cluster": "c"}""" : string.Concat("""{"cluster": "c", """, route.AsSpan(1));

    private static (RouteTable Table, DecodeContext Context) Decode(string route)
    {
        var context = new DecodeContext("Filter chain 'inbound-vip|9080|http|reviews'");
        var message = Json.Parse<RouteConfiguration>($$"""
            {"name": "inbound-vip|9080|http|reviews", "virtual_hosts": [{"name": "inbound|http|9080", "domains": ["*"], "routes": [{"name": "reviews-v2", {{route}}}]}]}
            """);
        return (RouteConfigurationDecoder.Decode(message, context), context);
    }
}
