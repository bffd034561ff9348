using System.Globalization;
using System.Text.Json;
using Waypoint.Model.Outliers;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Clusters;

namespace Waypoint.Conformance.Tests.Outliers;

/// <summary>Set <c>outlier-detection</c>: a detector is made from the configuration of a case, its steps are played on a clock of their own.</summary>
internal sealed class OutlierDetectionRunner : IConformanceRunner
{
    /// <summary>Sweeps after which an endpoint that never returns fails a case.</summary>
    private const int MaxSweeps = 10_000;

    public string Set => "outlier-detection";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        testCase.RequireOnly(
            "id", "feature", "kind", "config", "hosts", "steps", "expect", "note", "origin", "random", "host_success_rates", "stdev_factor", "now", "cluster", "host", "event",
            "seconds_since_last_action", "basis");
        switch (testCase.Text("kind"))
        {
            case "scenario":
                new OutlierScenario(Decode(testCase), (int)testCase.Number("hosts")!.Value, testCase.Number("random") ?? 0).Play(testCase.GetProperty("steps"));
                break;
            case "config":
                CheckConfig(testCase);
                break;
            case "threshold":
                CheckThreshold(testCase);
                break;
            case "ejection-time-table":
                CheckTimes(testCase);
                break;
            case "event-log":
                CheckLine(testCase);
                break;
            default:
                Assert.Fail($"the runner does not know kind '{testCase.Text("kind")}'");
                break;
        }
    }

    private static OutlierDetectionConfig Decode(JsonElement testCase)
    {
        OutlierDetectionConfig config = Decode(testCase, out DecodeContext context);
        Assert.False(context.HasProblems, string.Join(Environment.NewLine, context.Problems));
        return config;
    }

    private static OutlierDetectionConfig Decode(JsonElement testCase, out DecodeContext context)
    {
        context = new DecodeContext("Case");
        return OutlierDetectionDecoder.Decode(UpstreamJson.Parse<OutlierDetection>(testCase.GetProperty("config")), context);
    }

    private static void CheckConfig(JsonElement testCase)
    {
        JsonElement expect = testCase.GetProperty("expect");
        expect.RequireOnly("valid", "effective", "upstream_message");
        OutlierDetectionConfig config = Decode(testCase, out DecodeContext context);
        Assert.Equal(expect.GetProperty("valid").GetBoolean(), !context.HasProblems);
        if (expect.Find("effective") is not { } effective)
            return;
        foreach (JsonProperty field in effective.EnumerateObject())
            Assert.Equal(field.Value.GetDouble(), Effective(config, field.Name));
    }

    private static double Effective(OutlierDetectionConfig config, string name) => name switch
    {
        "interval_ms" => config.Interval.TotalMilliseconds,
        "base_ejection_time_ms" => config.BaseEjectionTime.TotalMilliseconds,
        "max_ejection_time_ms" => config.MaxEjectionTime.TotalMilliseconds,
        "max_ejection_time_jitter_ms" => config.MaxEjectionTimeJitter.TotalMilliseconds,
        "max_ejection_percent" => config.MaxEjectionPercent,
        "consecutive_5xx" => config.Consecutive5xx,
        "consecutive_gateway_failure" => config.ConsecutiveGatewayFailure,
        "consecutive_local_origin_failure" => config.ConsecutiveLocalOriginFailure,
        "success_rate_minimum_hosts" => config.SuccessRateMinimumHosts,
        "success_rate_request_volume" => config.SuccessRateRequestVolume,
        "success_rate_stdev_factor" => config.SuccessRateStdevFactor,
        "failure_percentage_threshold" => config.FailurePercentageThreshold,
        "failure_percentage_minimum_hosts" => config.FailurePercentageMinimumHosts,
        "failure_percentage_request_volume" => config.FailurePercentageRequestVolume,
        "enforcing_consecutive_5xx" => config.EnforcingConsecutive5xx,
        "enforcing_consecutive_gateway_failure" => config.EnforcingConsecutiveGatewayFailure,
        "enforcing_success_rate" => config.EnforcingSuccessRate,
        "enforcing_consecutive_local_origin_failure" => config.EnforcingConsecutiveLocalOriginFailure,
        "enforcing_local_origin_success_rate" => config.EnforcingLocalOriginSuccessRate,
        "enforcing_failure_percentage" => config.EnforcingFailurePercentage,
        "enforcing_failure_percentage_local_origin" => config.EnforcingFailurePercentageLocalOrigin,
        _ => throw new ArgumentException($"the runner does not know '{name}'"),
    };

    private static void CheckThreshold(JsonElement testCase)
    {
        JsonElement expect = testCase.GetProperty("expect");
        expect.RequireOnly("average", "ejection_threshold");
        SuccessRateLimit limit = SuccessRateLimit.Of(
            [.. testCase.GetProperty("host_success_rates").EnumerateArray().Select(static rate => rate.GetDouble())], testCase.GetProperty("stdev_factor").GetDouble());
        Assert.Equal(expect.GetProperty("average").GetDouble(), limit.Average, 6);
        Assert.Equal(expect.GetProperty("ejection_threshold").GetDouble(), limit.EjectionThreshold, 6);
    }

    /// <summary>Fails the only endpoint as soon as it is back, again and again, and notes how long each ejection lasts.</summary>
    private static void CheckTimes(JsonElement testCase)
    {
        JsonElement expect = testCase.GetProperty("expect");
        expect.RequireOnly("ejected_for_s");
        OutlierDetectionConfig config = Decode(testCase);
        var detector = new OutlierDetector(config, static () => 0);
        var host = new OutlierHost("0");
        detector.Add(host);
        TimeSpan now = TimeSpan.Zero;
        foreach (JsonElement expected in expect.GetProperty("ejected_for_s").EnumerateArray())
        {
            for (uint i = 0; i < config.Consecutive5xx; i++)
                detector.Report(host, OutlierResult.RequestFailed, 500, now);
            Assert.True(host.IsEjected);
            TimeSpan ejected = now;
            for (int i = 0; host.IsEjected && i < MaxSweeps; i++)
                detector.Sweep(now += config.Interval);
            Assert.Equal(expected.GetDouble(), (now - ejected).TotalSeconds, 6);
        }
    }

    private static void CheckLine(JsonElement testCase)
    {
        JsonElement expect = testCase.GetProperty("expect");
        JsonElement happened = testCase.GetProperty("event");
        expect.RequireOnly("line");
        happened.RequireOnly("action", "type", "enforced", "host_success_rate", "average", "threshold");
        var outcome = new OutlierEvent(
            new OutlierHost(testCase.Text("host")!),
            happened.Text("action") == "EJECT",
            Enum.GetValues<EjectionReason>().SingleOrDefault(reason => OutlierEventLine.NameOf(reason) == happened.Text("type")),
            happened.Find("enforced")?.GetBoolean() ?? false)
        {
            SinceLastAction = testCase.Number("seconds_since_last_action") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            HostSuccessRate = happened.Find("host_success_rate")?.GetDouble() ?? 0,
            Limit = new SuccessRateLimit(happened.Find("average")?.GetDouble() ?? 0, happened.Find("threshold")?.GetDouble() ?? 0),
        };
        string line = OutlierEventLine.Write(outcome, testCase.Text("cluster")!, DateTimeOffset.Parse(testCase.Text("now")!, CultureInfo.InvariantCulture));
        Assert.Equal(expect.Text("line"), line);
    }
}
