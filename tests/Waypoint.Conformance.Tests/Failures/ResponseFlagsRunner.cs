using System.Text;
using System.Text.Json;
using Waypoint.Model.Failures;

namespace Waypoint.Conformance.Tests.Failures;

/// <summary>Set <c>response-flags</c>: names of flags, what failures look like from outside, the words of RESPONSE_CODE_DETAILS.</summary>
internal sealed class ResponseFlagsRunner : IConformanceRunner
{
    public string Set => "response-flags";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        var input = testCase.GetProperty("input");
        var expect = testCase.GetProperty("expect");
        switch (testCase.Text("kind"))
        {
            case "flag_name":
                CheckNames([Flag(input.Text("flag")!)], expect);
                break;
            case "flag_list":
                CheckNames([.. input.GetProperty("flags").EnumerateArray().Select(static flag => Flag(flag.GetString()!))], expect);
                break;
            case "upstream_reset_before_response":
                CheckReset(Enum.Parse<ResetReason>(input.Text("reset_reason")!), expect);
                break;
            case "router_local_reply":
                CheckReply(input.Text("situation")!, expect);
                break;
            case "response_code_details_value":
                var field = typeof(ResponseDetails).GetField(input.Text("event")!);
                Assert.Equal(expect.Text("response_code_details"), field?.GetRawConstantValue());
                break;
            default:
                Assert.Fail($"the runner does not know kind '{testCase.Text("kind")}'");
                break;
        }
    }

    private static ResponseFlag Flag(string name) => Enum.Parse<ResponseFlag>(name, ignoreCase: true);

    private static void CheckNames(ResponseFlag[] flags, JsonElement expect)
    {
        expect.RequireOnly("short", "long");
        Assert.Equal(expect.Text("short"), ResponseFlags.Join(flags, longForm: false));
        Assert.Equal(expect.Text("long"), ResponseFlags.Join(flags, longForm: true));
    }

    private static void CheckReset(ResetReason reason, JsonElement expect)
    {
        expect.RequireOnly("status", "response_flag", "response_code_details", "body");
        var (status, flag, _) = UpstreamResets.Of(reason);
        Assert.Equal((int)expect.Number("status")!.Value, status);
        Assert.Equal(expect.Text("response_flag"), flag);
        Assert.Equal(expect.Text("response_code_details"), UpstreamResets.Details(reason, null));
        Assert.Equal(expect.Text("body"), UpstreamResets.Body(reason, afterRetry: false, null));
    }

    private static void CheckReply(string situation, JsonElement expect)
    {
        expect.RequireOnly("response_flag", "status", "content_type", "content_length", "headers", "response_code_details", "body");
        var row = FailureTable.Of(FailureOf(situation));
        var transport = situation.IndexOf("transport failure reason \"", StringComparison.Ordinal) is >= 0 and var start ? situation[(start + 26)..].TrimEnd('"') : null;
        var alternative = situation.Contains("alternate timeout response", StringComparison.Ordinal);
        var body = alternative ? "" : row.BodyOf(afterRetry: false, transport);
        Assert.Equal(expect.Text("response_flag") ?? row.Flag, row.Flag);
        if (expect.Number("status") is { } status)
            Assert.Equal((int)status, alternative ? TimeoutReply.AlternativeStatus : row.Status);
        if (expect.Text("response_code_details") is { } details)
            Assert.Equal(details, row.DetailsOf(transport));
        if (expect.Text("body") is { } text)
            Assert.Equal(text, body);
        if (expect.Number("content_length") is { } length)
            Assert.Equal((int)length, Encoding.UTF8.GetByteCount(body));
        foreach (var header in expect.Find("headers")?.EnumerateObject() ?? default)
        {
            // How many tries there were is told by the router, not by the failure.
            if (header.Name != "x-envoy-attempt-count")
                Assert.Equal((header.Name, header.Value.GetString()), (row.Mark, "true"));
        }
    }

    /// <summary>The table tells situations in words.</summary>
    private static FailureReason FailureOf(string situation)
    {
        (string Words, FailureReason Reason)[] situations =
        [
            ("retry circuit breaker open", FailureReason.Overflow),
            ("unknown cluster", FailureReason.ClusterNotFound),
            ("no route", FailureReason.NoRoute),
            ("no healthy", FailureReason.NoHealthyUpstream),
            ("maintenance mode", FailureReason.MaintenanceMode),
            ("drop_overload 100%", FailureReason.UnconditionalDropOverload),
            ("drop_overload", FailureReason.DropOverload),
            ("per-try idle timeout", FailureReason.PerTryIdleTimeout),
            ("per-try timeout", FailureReason.PerTryTimeout),
            ("max stream duration", FailureReason.MaxStreamDuration),
            ("stream idle", FailureReason.StreamIdle),
            ("route timeout", FailureReason.RouteTimeout),
            ("overflow", FailureReason.Overflow),
            ("connection failure", FailureReason.ConnectFailure),
            ("connection timeout", FailureReason.ConnectTimeout),
            ("remote reset", FailureReason.UpstreamReset),
            ("timeout", FailureReason.RouteTimeout),
        ];
        foreach (var (words, reason) in situations)
        {
            if (situation.Contains(words, StringComparison.OrdinalIgnoreCase))
                return reason;
        }

        Assert.Fail($"the runner does not know the situation '{situation}'");
        return default;
    }
}
