using System.Text.Json;
using Waypoint.Model.Routes;

namespace Waypoint.Conformance.Tests.Routes;

/// <summary>Kind <c>final_timeout</c> of set <c>retry-policy</c>: how long a request may take, and what the upstream is told.</summary>
internal static class FinalTimeoutCase
{
    internal static void Check(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("global_timeout_ms", "per_try_timeout_ms", "upstream_headers", "upstream_headers_absent");
        var route = testCase.GetProperty("route");
        route.RequireOnly("timeout_ms", "per_try_timeout_ms", "max_grpc_timeout_ms", "grpc_timeout_offset_ms");
        var options = testCase.GetProperty("options");
        options.RequireOnly("insert_expected_rq_timeout", "grpc_request", "hedge_on_per_try_timeout", "respect_expected_rq_timeout");
        var action = new ForwardAction
        {
            Clusters = ClusterSelector.Single("case"),
            Timeout = Milliseconds(route, "timeout_ms"),
            MaxGrpcTimeout = Milliseconds(route, "max_grpc_timeout_ms"),
            GrpcTimeoutOffset = Milliseconds(route, "grpc_timeout_offset_ms"),
        };
        var policy = new RetryPolicyConfig { PerTryTimeout = Milliseconds(route, "per_try_timeout_ms") };
        var headers = RetryPolicyRunner.HeadersOf(testCase, "request_headers");
        var timeouts = RequestTimeouts.Take(action, policy, Flag(options, "grpc_request"), Flag(options, "respect_expected_rq_timeout"), ref headers);
        timeouts.Announce(TimeSpan.Zero, Flag(options, "insert_expected_rq_timeout"), Flag(options, "hedge_on_per_try_timeout"), ref headers);

        if (expect.Find("global_timeout_ms") is { } global)
            Assert.Equal(global.GetDouble(), timeouts.Request.TotalMilliseconds);
        if (expect.Find("per_try_timeout_ms") is { } perTry)
            Assert.Equal(perTry.GetDouble(), timeouts.PerTry.TotalMilliseconds);
        foreach (var header in expect.Find("upstream_headers")?.EnumerateObject() ?? default)
            Assert.Equal((header.Name, header.Value.GetString()), (header.Name, headers.Count(header.Name) > 0 ? headers.Get(header.Name, 0) : null));
        foreach (var name in expect.Find("upstream_headers_absent")?.EnumerateArray() ?? default)
            Assert.Equal(0, headers.Count(name.GetString()!));
    }

    private static TimeSpan? Milliseconds(JsonElement json, string name) => json.Find(name) is { } value ? TimeSpan.FromMilliseconds(value.GetDouble()) : null;

    private static bool Flag(JsonElement options, string name) => options.Find(name)?.GetBoolean() ?? false;
}
