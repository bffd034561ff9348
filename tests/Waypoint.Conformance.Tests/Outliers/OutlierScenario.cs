using System.Text.Json;
using Waypoint.Model.Outliers;

namespace Waypoint.Conformance.Tests.Outliers;

/// <summary>One detector with its endpoints, driven by the steps of a case.</summary>
internal sealed class OutlierScenario
{
    private readonly OutlierDetector _detector;
    private readonly List<OutlierHost> _hosts = [];
    private readonly List<OutlierEvent> _events = [];
    private TimeSpan _now;

    public OutlierScenario(OutlierDetectionConfig config, int hosts, ulong random)
    {
        _detector = new OutlierDetector(config, () => random);
        AddHosts(hosts);
    }

    public void Play(JsonElement steps)
    {
        foreach (JsonElement step in steps.EnumerateArray())
        {
            step.RequireOnly("time_s", "report", "sweep", "add_hosts", "remove_hosts", "active_health_check", "expect");
            if (step.Find("time_s") is { } time)
                _now = TimeSpan.FromSeconds(time.GetDouble());
            AddHosts((int)(step.Number("add_hosts") ?? 0));
            if (step.Find("report") is { } report)
                Report(report);
            if (step.Find("sweep")?.GetBoolean() ?? false)
                _events.AddRange(_detector.Sweep(_now));
            if (step.Find("active_health_check") is { } check && check.GetProperty("healthy").GetBoolean())
                _events.AddRange(_detector.HealthCheckSucceeded(_hosts[check.GetProperty("host").GetInt32()], _now));
            foreach (JsonElement gone in step.Find("remove_hosts")?.EnumerateArray() ?? [])
                _detector.Remove(_hosts[gone.GetInt32()]);
            if (step.Find("expect") is { } expect)
                Check(expect);
        }
    }

    private void AddHosts(int count)
    {
        for (; count > 0; count--)
        {
            var host = new OutlierHost(_hosts.Count.ToString(null, null));
            _hosts.Add(host);
            _detector.Add(host);
        }
    }

    private void Report(JsonElement report)
    {
        report.RequireOnly("repeat", "results");
        for (ulong i = report.Number("repeat") ?? 1; i > 0; i--)
        {
            foreach (JsonElement result in report.GetProperty("results").EnumerateArray())
                ReportOne(result);
        }
    }

    private void ReportOne(JsonElement result)
    {
        result.RequireOnly("host", "count", "status", "result");
        int? status = (int?)result.Number("status");
        OutlierResult kind = result.Text("result") switch
        {
            null => status is >= 500 ? OutlierResult.RequestFailed : OutlierResult.RequestSucceeded,
            "ext_success" => OutlierResult.RequestSucceeded,
            "ext_failed" => OutlierResult.RequestFailed,
            "connect_success" => OutlierResult.ConnectSucceeded,
            "connect_failed" => OutlierResult.ConnectFailed,
            "timeout" => OutlierResult.TimedOut,
            var other => throw new ArgumentException($"the runner does not know result '{other}'"),
        };
        JsonElement where = result.GetProperty("host");
        int[] hosts = where.ValueKind == JsonValueKind.Array ? [.. where.EnumerateArray().Select(static host => host.GetInt32())] : [where.GetInt32()];
        foreach (int host in hosts)
        {
            for (ulong i = result.Number("count") ?? 1; i > 0; i--)
                _events.AddRange(_detector.Report(_hosts[host], kind, status, _now));
        }
    }

    private void Check(JsonElement expect)
    {
        expect.RequireOnly("ejected", "active", "events", "event_counts", "counters", "success_rate", "jitter_ms");
        if (expect.Find("ejected") is { } ejected)
            Assert.Equal(ejected.EnumerateArray().Select(static host => host.GetInt32()), Enumerable.Range(0, _hosts.Count).Where(i => _hosts[i].IsEjected));
        if (expect.Find("active") is { } active)
            Assert.Equal(active.GetInt64(), _detector.Counters.Active);
        if (expect.Find("events") is { } events)
            Assert.Equal(events.EnumerateArray().Select(static e => string.Join('/', e.EnumerateArray().Select(TextOf))).Order(), _events.Select(Describe).Order());
        if (expect.Find("event_counts") is { } counts)
        {
            Assert.Equal(
                counts.EnumerateObject().Select(static c => $"{c.Name} {c.Value.GetInt32()}").Order(),
                _events.GroupBy(Describe).Select(static group => $"{group.Key} {group.Count()}").Order());
        }

        if (expect.TryGetProperty("events", out _) || expect.TryGetProperty("event_counts", out _))
            _events.Clear();
        Dictionary<string, long> counters = _detector.Counters.All.ToDictionary();
        foreach (JsonProperty counter in expect.Find("counters")?.EnumerateObject() ?? [])
            Assert.Equal($"{counter.Name} {counter.Value.GetInt64()}", $"{counter.Name} {counters[counter.Name]}");
        if (expect.Find("success_rate") is { } rates)
            CheckRates(rates);
        if (expect.Number("jitter_ms") is { } jitter)
            Assert.Equal(jitter, _hosts[0].Jitter.TotalMilliseconds);
    }

    private void CheckRates(JsonElement rates)
    {
        rates.RequireOnly("external", "local_origin");
        foreach (JsonProperty side in rates.EnumerateObject())
        {
            side.Value.RequireOnly("hosts", "average", "ejection_threshold");
            bool local = side.Name == "local_origin";
            foreach (JsonProperty host in side.Value.Find("hosts")?.EnumerateObject() ?? [])
            {
                OutlierHost at = _hosts[int.Parse(host.Name, null)];
                Assert.Equal(host.Value.GetDouble(), local ? at.LocalOriginSuccessRate : at.ExternalSuccessRate, 5);
            }

            SuccessRateLimit limit = local ? _detector.LocalOriginLimit : _detector.ExternalLimit;
            if (side.Value.Find("average") is { } average)
                Assert.Equal(average.GetDouble(), limit.Average, 5);
            if (side.Value.Find("ejection_threshold") is { } threshold)
                Assert.Equal(threshold.GetDouble(), limit.EjectionThreshold, 5);
        }
    }

    private static string Describe(OutlierEvent happened) =>
        happened.IsEjection ? $"eject/{happened.Host.Name}/{OutlierEventLine.NameOf(happened.Reason)}/{(happened.Enforced ? "true" : "false")}" : $"uneject/{happened.Host.Name}";

    private static string TextOf(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
}
