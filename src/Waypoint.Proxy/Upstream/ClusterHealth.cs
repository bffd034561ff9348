using Microsoft.Extensions.Logging;
using Waypoint.Model.Failures;
using Waypoint.Model.Outliers;

namespace Waypoint.Proxy.Upstream;

/// <summary>Outlier detection of one cluster at work: takes the reports of tries, sweeps once per interval, logs what happens and tells the cluster when an endpoint goes out
/// or comes back. Mutable; thread-safe.</summary>
internal sealed class ClusterHealth
{
    private readonly string _cluster;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OutlierDetector _detector;
    private readonly Action _changed;
    private readonly ITimer _sweep;
    private readonly long _origin;

    /// <param name="cluster">Name, for the log.</param>
    /// <param name="config">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where ejections are reported.</param>
    /// <param name="changed">Called, outside all locks, when the set of ejected endpoints is another.</param>
    public ClusterHealth(string cluster, OutlierDetectionConfig config, TimeProvider time, ILogger logger, Action changed)
    {
        _cluster = cluster;
        _time = time;
        _logger = logger;
        _changed = changed;
#pragma warning disable CA5394 // spreads load, protects nothing
        _detector = new OutlierDetector(config, static () => (ulong)Random.Shared.NextInt64());
#pragma warning restore CA5394
        _origin = time.GetTimestamp();
        _sweep = time.CreateTimer(static state => ((ClusterHealth)state!).Sweep(), this, config.Interval, config.Interval);
    }

    /// <summary>What was done so far.</summary>
    public OutlierCounters Counters => _detector.Counters;

    /// <summary>Takes new settings; endpoints that are out stay out.</summary>
    public void Update(OutlierDetectionConfig config)
    {
        if (_detector.Config == config)
        {
            return;
        }

        if (_detector.Config.Interval != config.Interval)
        {
            _sweep.Change(config.Interval, config.Interval);
        }

        _detector.Config = config;
    }

    /// <summary>Takes an endpoint under observation.</summary>
    public void Add(OutlierHost host) => _detector.Add(host);

    /// <summary>The endpoint has left the cluster.</summary>
    public void Remove(OutlierHost host) => _detector.Remove(host);

    /// <summary>An endpoint answered.</summary>
    /// <param name="host">Which.</param>
    /// <param name="status">HTTP status, or what stands for the gRPC status.</param>
    public void Answered(OutlierHost host, int status)
    {
        if (_detector.Config.SplitLocalOriginErrors)
        {
            Report(host, OutlierResult.ConnectSucceeded, null);
        }

        Report(host, status is >= 500 and < 600 ? OutlierResult.RequestFailed : OutlierResult.RequestSucceeded, status);
    }

    /// <summary>A connection for opaque bytes stands.</summary>
    public void Connected(OutlierHost host) => Report(host, OutlierResult.ConnectSucceededFinally, null);

    /// <summary>A try ended without an answer.</summary>
    public void Failed(OutlierHost host, FailureReason failure)
    {
        switch (failure)
        {
            case FailureReason.ConnectFailure or FailureReason.TunnelRefused:
                Report(host, OutlierResult.ConnectFailed, null);
                break;
            case FailureReason.ConnectTimeout:
                Report(host, OutlierResult.TimedOut, null);
                break;
            case FailureReason.UpstreamClosed or FailureReason.UpstreamReset or FailureReason.UpstreamRefusedStream or FailureReason.UpstreamProtocolError:
                // The connection stood; what broke is the request on it.
                ReportBroken(host, OutlierResult.ConnectFailed, null);
                break;
            case FailureReason.PerTryTimeout or FailureReason.PerTryIdleTimeout or FailureReason.RouteTimeout:
                ReportBroken(host, OutlierResult.TimedOut, 504);
                break;
            default:
                // Our own refusals and clients that leave say nothing about the endpoint.
                break;
        }
    }

    /// <summary>Stops sweeping.</summary>
    public void Stop() => _sweep.Dispose();

    private void ReportBroken(OutlierHost host, OutlierResult result, int? status)
    {
        if (_detector.Config.SplitLocalOriginErrors)
        {
            Report(host, OutlierResult.ConnectSucceeded, null);
        }

        Report(host, result, status);
    }

    private void Report(OutlierHost host, OutlierResult result, int? status) => Handle(_detector.Report(host, result, status, Now()));

    private void Sweep() => Handle(_detector.Sweep(Now()));

    private TimeSpan Now() => _time.GetElapsedTime(_origin);

    private void Handle(IReadOnlyList<OutlierEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        bool changed = false;
        foreach (OutlierEvent happened in events)
        {
            changed |= happened.Enforced || !happened.IsEjection;
        }

        // First the balancer, then the log: the next try of this very request must not go there again.
        if (changed)
        {
            _changed();
        }

        DateTimeOffset now = _time.GetUtcNow();
        foreach (OutlierEvent happened in events)
        {
            string line = OutlierEventLine.Write(happened, _cluster, now);
            if (!happened.IsEjection)
            {
                ClusterHealthLog.Returned(_logger, happened.Host.Name, _cluster, line);
            }
            else if (happened.Enforced)
            {
                ClusterHealthLog.Ejected(_logger, happened.Host.Name, _cluster, OutlierEventLine.NameOf(happened.Reason), happened.EjectedFor, Counters.Active, line);
            }
            else
            {
                ClusterHealthLog.Detected(_logger, happened.Host.Name, _cluster, OutlierEventLine.NameOf(happened.Reason), line);
            }
        }
    }
}
