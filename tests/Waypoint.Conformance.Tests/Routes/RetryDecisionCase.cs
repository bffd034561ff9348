using System.Text.Json;
using Waypoint.Model.Clusters;
using Waypoint.Model.Failures;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Conformance.Tests.Routes;

/// <summary>One request of set <c>retry-policy</c> through its tries: verdicts and waits.</summary>
internal static class RetryDecisionCase
{
    internal static void Check(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("decisions", "retry_state", "delays_ms", "then");
        var headers = RetryPolicyRunner.HeadersOf(testCase, "request_headers");
        var policy = RetryPolicyRunner.PolicyOf(testCase);
        var plan = RetryPlan.Take(policy, ref headers);
        if (expect.Text("retry_state") is { } state)
            CheckState(state, plan);
        if (testCase.Find("events") is not { } events)
            return;

        var left = plan!.Value.MaxRetries;
        var backOffs = 0;
        var verdicts = new List<string>();
        var delays = new List<double>();
        foreach (var item in events.EnumerateArray())
        {
            var (result, response) = Outcome(item);
            var verdict = RetryDecision.Decide(
                RetryDecision.WantsRetry(plan.Value, result, response), left, ActiveRetries(testCase), AllowedRetries(testCase), Runtime(testCase));
            verdicts.Add(verdict switch
            {
                RetryVerdict.Retry => "retry",
                RetryVerdict.NoRetry => "no_retry",
                RetryVerdict.LimitExceeded => "limit_exceeded",
                _ => "overflow",
            });
            if (verdict != RetryVerdict.Retry)
                continue;
            left--;
            var random = item.Number("random") ?? 0;
            var wait = RetryDecision.ResetBackOff(plan.Value.Policy, response, DateTimeOffset.UnixEpoch, random) ?? RetryDecision.BackOff(plan.Value.Policy, ++backOffs, random);
            delays.Add(wait.TotalMilliseconds);
        }

        if (expect.Find("decisions") is { } decisions)
            Assert.Equal(decisions.EnumerateArray().Select(static decision => decision.GetString()), verdicts);
        if (expect.Find("delays_ms") is { } waits)
            Assert.Equal(waits.EnumerateArray().Select(static wait => wait.GetDouble()), delays);
        if (expect.Text("then") == "limit_exceeded")
            Assert.Equal(0, left);
    }

    internal static void CheckState(string expected, RetryPlan? plan) =>
        Assert.Equal(expected, plan is null ? "absent" : plan.Value.RetryOn == RetryOn.None ? "disabled" : "enabled");

    private static (AttemptResult Result, HeaderLines Response) Outcome(JsonElement item)
    {
        item.RequireOnly("random", "response", "reset", "upstream_request_started", "per_try_timeout", "informational_forwarded", "then_reset");
        var started = item.Find("upstream_request_started")?.GetBoolean() ?? true;
        if (item.Find("response") is { } response)
        {
            var status = (int)response.Number("status")!.Value;
            var headers = RetryPolicyRunner.HeadersOf(response, "headers");
            // What a client of the upstream sees as the status line is a pseudo header to matchers.
            headers.Set(HeaderNames.Status, status.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return (new AttemptResult(FailureReason.None, status, started), headers);
        }

        var failure = item.Find("per_try_timeout") is not null ? FailureReason.PerTryTimeout : Failure(item.Text("reset") ?? item.Text("then_reset"));
        return (new AttemptResult(failure, 0, started, ResponseForwarded: item.Find("informational_forwarded") is not null), new HeaderLines());
    }

    private static FailureReason Failure(string? reset)
    {
        switch (reset)
        {
            case "connect_failure" or "local_connection_failure" or "remote_connection_failure":
                return FailureReason.ConnectFailure;
            case "connection_timeout":
                return FailureReason.ConnectTimeout;
            case "connection_termination":
                return FailureReason.UpstreamClosed;
            case "remote_reset":
                return FailureReason.UpstreamReset;
            case "remote_refused_stream":
                return FailureReason.UpstreamRefusedStream;
            case "local_reset":
                return FailureReason.LocalReset;
            case "protocol_error":
                return FailureReason.UpstreamProtocolError;
            case "overflow":
                return FailureReason.Overflow;
            default:
                Assert.Fail($"the runner does not know the reset '{reset}'");
                return default;
        }
    }

    private static long ActiveRetries(JsonElement testCase) => (long)(testCase.Find("context")?.Number("active_retries") ?? 0);

    private static uint AllowedRetries(JsonElement testCase)
    {
        if (testCase.Find("cluster")?.Find("circuit_breakers") is not { } breakers)
            return CircuitBreakerLimits.EnvoyDefaults.MaxRetries;
        breakers.RequireOnly("max_retries", "max_requests", "retry_budget");
        var limits = CircuitBreakerLimits.EnvoyDefaults with
        {
            MaxRetries = (uint)(breakers.Number("max_retries") ?? CircuitBreakerLimits.EnvoyDefaults.MaxRetries),
            RetryBudget = breakers.Find("retry_budget") is { } budget
                ? new RetryBudget(budget.Find("budget_percent")?.GetDouble() ?? 20, (uint)(budget.Number("min_retry_concurrency") ?? 3))
                : null,
        };
        return limits.RetriesAllowed((long)(testCase.Find("context")?.Number("active_requests") ?? 0));
    }

    private static RuntimeValues? Runtime(JsonElement testCase) => testCase.Find("context")?.Find("runtime") is { } runtime
        ? new RuntimeValues(runtime.EnumerateObject().Select(static entry => KeyValuePair.Create(entry.Name, entry.Value.ToString() == "disabled" ? 0UL : 100UL)))
        : null;
}
