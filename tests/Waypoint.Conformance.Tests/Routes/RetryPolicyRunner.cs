using System.Globalization;
using System.Text.Json;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Routes;

namespace Waypoint.Conformance.Tests.Routes;

/// <summary>Set <c>retry-policy</c>: decisions after tries, waits, what policies and control headers say, timeouts.</summary>
internal sealed class RetryPolicyRunner : IConformanceRunner
{
    public string Set => "retry-policy";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        var expect = testCase.GetProperty("expect");
        switch (testCase.Text("kind"))
        {
            case "retry_decision" or "backoff":
                RetryDecisionCase.Check(testCase, expect);
                break;
            case "reset_interval":
                CheckResetInterval(testCase, expect);
                break;
            case "parse_retry_on":
                CheckParsed(expect, RetryConditions.ParseHttp(testCase.Text("value"), out var unknown), unknown);
                break;
            case "parse_retry_grpc_on":
                CheckParsed(expect, RetryConditions.ParseGrpc(testCase.Text("value"), out var unknownGrpc), unknownGrpc);
                break;
            case "header_removal":
                CheckRemoval(testCase, expect);
                break;
            case "effective_policy":
                CheckPolicy(testCase, expect, table);
                break;
            case "final_timeout":
                FinalTimeoutCase.Check(testCase, expect);
                break;
            default:
                Assert.Fail($"the runner does not know kind '{testCase.Text("kind")}'");
                break;
        }
    }

    /// <summary>The policy of a case; null if it has none.</summary>
    internal static RetryPolicyConfig? PolicyOf(JsonElement testCase)
    {
        if (testCase.Find("retry_policy") is not { } json)
            return null;
        var context = new DecodeContext("Case");
        var policy = RetryPolicyDecoder.Decode(UpstreamJson.Parse<RetryPolicy>(json), "retry_policy", context);
        Assert.Empty(context.Problems);
        return policy;
    }

    /// <summary>Headers of a request or response of a case.</summary>
    internal static HeaderLines HeadersOf(JsonElement json, string name) => json.Find(name) is { } headers ? new HeaderLines(headers.HeaderPairs()) : new HeaderLines();

    private static void CheckParsed(JsonElement expect, RetryOn conditions, IReadOnlyList<string> unknown)
    {
        expect.RequireOnly("conditions", "all_recognised");
        Assert.Equal(expect.GetProperty("conditions").EnumerateArray().Select(static name => name.GetString()!).Order(), RetryConditions.NamesOf(conditions).Order());
        Assert.Equal(expect.GetProperty("all_recognised").GetBoolean(), unknown.Count == 0);
    }

    private static void CheckResetInterval(JsonElement testCase, JsonElement expect)
    {
        var policy = new RetryPolicyConfig
        {
            ResetHeaders = [.. testCase.GetProperty("reset_headers").EnumerateArray()
                .Select(static header => new RetryResetHeader(header.Text("name")!.ToLowerInvariant(), header.Text("format") == "UNIX_TIMESTAMP"))],
            ResetMaxInterval = TimeSpan.FromMilliseconds(testCase.Number("max_interval_ms") ?? 300_000),
        };
        var now = DateTimeOffset.FromUnixTimeSeconds((long)testCase.Number("now_unix")!.Value);
        var interval = RetryDecision.ResetInterval(policy, HeadersOf(testCase, "response_headers"), now);
        Assert.Equal(expect.Find("interval_ms")?.GetDouble(), interval?.TotalMilliseconds);
    }

    private static void CheckRemoval(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("retry_state", "removed");
        var headers = HeadersOf(testCase, "request_headers");
        var plan = RetryPlan.Take(PolicyOf(testCase), ref headers);
        if (expect.Text("retry_state") is { } state)
            RetryDecisionCase.CheckState(state, plan);
        foreach (var name in expect.GetProperty("removed").EnumerateArray())
            Assert.Equal(0, headers.Count(name.GetString()!));
    }

    private static void CheckPolicy(JsonElement testCase, JsonElement expect, ConformanceTable table)
    {
        expect.RequireOnly("retry_policy", "route_policy");
        var context = new DecodeContext("Case");
        var routes = RouteConfigurationDecoder.Decode(
            UpstreamJson.Parse<RouteConfiguration>(table.Config(testCase.Text("config")!)), context, RouteFeatureSupport.Everything);
        Assert.Empty(context.Problems);
        var match = routes.Match(new CaseRequest(testCase).Query);
        var policy = match.Route!.RetryPolicy ?? RetryPolicyConfig.None;
        foreach (var expected in expect.Find("retry_policy")?.EnumerateObject() ?? default)
            Assert.Equal((expected.Name, expected.Value.ToString()), (expected.Name, Setting(policy, expected)));
        if (expect.Find("route_policy") is { } routePolicy)
            RoutePolicyAssertions.Check(match, routePolicy);
    }

    /// <summary>A setting as the table writes it.</summary>
    private static string Setting(RetryPolicyConfig policy, JsonProperty expected) => expected.Name switch
    {
        "num_retries" => policy.MaxRetries.ToString(CultureInfo.InvariantCulture),
        "per_try_timeout_ms" => Milliseconds(policy.PerTryTimeout ?? TimeSpan.Zero),
        "per_try_idle_timeout_ms" => Milliseconds(policy.PerTryIdleTimeout ?? TimeSpan.Zero),
        "base_interval_ms" => Milliseconds(policy.BaseInterval),
        "max_interval_ms" => Milliseconds(policy.MaxInterval),
        "rate_limited_max_interval_ms" => Milliseconds(policy.ResetMaxInterval),
        "host_selection_max_attempts" or "host_selection_retry_max_attempts" => policy.HostSelectionAttempts.ToString(CultureInfo.InvariantCulture),
        "retry_on" => SameNames(expected.Value, policy.RetryOn) ? expected.Value.ToString() : string.Join(", ", RetryConditions.NamesOf(policy.RetryOn)),
        "retriable_status_codes" => JsonSerializer.Serialize(policy.RetriableStatusCodes),
        "reset_headers" or "rate_limited_reset_headers" => JsonSerializer.Serialize(policy.ResetHeaders.Select(static header => header.Name)),
        _ => $"the runner does not know retry_policy.{expected.Name}",
    };

    private static bool SameNames(JsonElement expected, RetryOn conditions) =>
        expected.EnumerateArray().Select(static name => name.GetString()!).Order().SequenceEqual(RetryConditions.NamesOf(conditions).Order());

    private static string Milliseconds(TimeSpan? time) => time?.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) ?? "";
}
