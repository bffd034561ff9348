namespace Waypoint.Model.Outliers;

/// <summary>Passive health checks of one cluster: counts how tries end and decides which endpoints are out. Takes the time from its caller and does nothing by itself:
/// what happened comes back as events. Thread-safe; a report takes no lock unless it completes a row of failures.</summary>
/// <param name="config">The settings at first.</param>
/// <param name="random">Random numbers, for enforcing percentages and jitter.</param>
public sealed class OutlierDetector(OutlierDetectionConfig config, Func<ulong> random)
{
    private static readonly IReadOnlyList<OutlierEvent> Nothing = [];

    private readonly Lock _lock = new();
    private readonly HashSet<OutlierHost> _hosts = [];
    private OutlierDetectionConfig _config = config;

    /// <summary>What was done so far.</summary>
    public OutlierCounters Counters { get; } = new();

    /// <summary>The settings in force.</summary>
    public OutlierDetectionConfig Config
    {
        get => Volatile.Read(ref _config);
        set => Volatile.Write(ref _config, value);
    }

    /// <summary>Mean and limit of answers at the last sweep.</summary>
    public SuccessRateLimit ExternalLimit { get; private set; } = SuccessRateLimit.None;

    /// <summary>Mean and limit of connecting at the last sweep.</summary>
    public SuccessRateLimit LocalOriginLimit { get; private set; } = SuccessRateLimit.None;

    /// <summary>Takes an endpoint under observation.</summary>
    public void Add(OutlierHost host)
    {
        lock (_lock)
            _hosts.Add(host);
    }

    /// <summary>The endpoint is no longer one of the cluster.</summary>
    public void Remove(OutlierHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        lock (_lock)
        {
            if (_hosts.Remove(host) && host.IsEjected)
                Counters.Returned();
        }
    }

    /// <summary>Counts how a try ended.</summary>
    /// <param name="host">Where.</param>
    /// <param name="result">How.</param>
    /// <param name="status">HTTP status, if there is one: of the answer, or the one that stands for a failure.</param>
    /// <param name="now">Time on any steady clock.</param>
    public IReadOnlyList<OutlierEvent> Report(OutlierHost host, OutlierResult result, int? status, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(host);
        OutlierDetectionConfig settings = Config;
        if (!settings.SplitLocalOriginErrors)
            return (status ?? StandsFor(result)) is { } code ? OnStatus(host, code, settings, now) : Nothing;
        switch (result)
        {
            case OutlierResult.RequestSucceeded:
                return OnStatus(host, status ?? 200, settings, now);
            case OutlierResult.RequestFailed:
                return OnStatus(host, status ?? 500, settings, now);
            case OutlierResult.ConnectSucceeded or OutlierResult.ConnectSucceededFinally:
                host.LocalOrigin.Succeeded();
                host.Reset(EjectionReason.ConsecutiveLocalOriginFailure);
                return Nothing;
            default:
                host.LocalOrigin.Failed();
                return host.Reaches(EjectionReason.ConsecutiveLocalOriginFailure, settings.ConsecutiveLocalOriginFailure)
                    ? OnRow(null, host, EjectionReason.ConsecutiveLocalOriginFailure, now)
                    : Nothing;
        }
    }

    /// <summary>Takes endpoints back whose time is over, and looks for those whose success rate since the last sweep is too low. To be called once per interval.</summary>
    public IReadOnlyList<OutlierEvent> Sweep(TimeSpan now)
    {
        List<OutlierEvent> events = [];
        lock (_lock)
        {
            foreach (OutlierHost host in _hosts)
                TakeBack_Locked(host, now, events);
            ExternalLimit = FindBySuccessRate_Locked(localOrigin: false, now, events);
            LocalOriginLimit = FindBySuccessRate_Locked(localOrigin: true, now, events);
        }

        return events;
    }

    /// <summary>An active health check went well, which ends an ejection unless the configuration says otherwise.</summary>
    public IReadOnlyList<OutlierEvent> HealthCheckSucceeded(OutlierHost host, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(host);
        lock (_lock)
            return host.IsEjected && Config.SuccessfulHealthCheckUnejects && _hosts.Contains(host) ? [Return_Locked(host, now)] : Nothing;
    }

    private static int? StandsFor(OutlierResult result) => result switch
    {
        OutlierResult.RequestSucceeded or OutlierResult.ConnectSucceededFinally => 200,
        OutlierResult.RequestFailed => 500,
        OutlierResult.ConnectFailed => 503,
        OutlierResult.TimedOut => 504,
        _ => null,
    };

    private IReadOnlyList<OutlierEvent> OnStatus(OutlierHost host, int status, OutlierDetectionConfig settings, TimeSpan now)
    {
        if (status is < 500 or > 599)
        {
            host.External.Succeeded();
            host.Reset(EjectionReason.Consecutive5xx);
            host.Reset(EjectionReason.ConsecutiveGatewayFailure);
            return Nothing;
        }

        host.External.Failed();
        List<OutlierEvent>? events = null;
        if (status is not (502 or 503 or 504))
            host.Reset(EjectionReason.ConsecutiveGatewayFailure);
        else if (host.Reaches(EjectionReason.ConsecutiveGatewayFailure, settings.ConsecutiveGatewayFailure))
            events = OnRow(events, host, EjectionReason.ConsecutiveGatewayFailure, now);
        if (host.Reaches(EjectionReason.Consecutive5xx, settings.Consecutive5xx))
            events = OnRow(events, host, EjectionReason.Consecutive5xx, now);
        return events ?? Nothing;
    }

    private List<OutlierEvent> OnRow(List<OutlierEvent>? earlier, OutlierHost host, EjectionReason reason, TimeSpan now)
    {
        List<OutlierEvent> events = earlier ?? [];
        lock (_lock)
        {
            // Another thread may have ejected it meanwhile, or EDS removed it. The count then stays above the threshold until the endpoint returns.
            if (!_hosts.Contains(host) || host.IsEjected)
                return events;
            Counters.Detected(reason);
            Eject_Locked(new OutlierEvent(host, true, reason, false), now, events);
            host.Reset(reason);
        }

        return events;
    }

    private void TakeBack_Locked(OutlierHost host, TimeSpan now, List<OutlierEvent> events)
    {
        if (host.IsEjected)
        {
            if (now - host.EjectedAt >= TimeOut(host) + host.Jitter)
                events.Add(Return_Locked(host, now));
        }
        else if (host.Backoff > 0)
        {
            host.Backoff--;
        }
    }

    private OutlierEvent Return_Locked(OutlierHost host, TimeSpan now)
    {
        Counters.Returned();
        host.Return(now);
        return new OutlierEvent(host, false, default, false) { SinceLastAction = now - host.EjectedAt, Ejections = host.Ejections };
    }

    private TimeSpan TimeOut(OutlierHost host)
    {
        TimeSpan grown = Config.BaseEjectionTime * host.Backoff;
        return grown < Config.MaxEjectionTime ? grown : Config.MaxEjectionTime;
    }

    private SuccessRateLimit FindBySuccessRate_Locked(bool localOrigin, TimeSpan now, List<OutlierEvent> events)
    {
        OutlierDetectionConfig settings = Config;
        bool enoughHosts = _hosts.Count >= Math.Min(settings.SuccessRateMinimumHosts, settings.FailurePercentageMinimumHosts);
        List<(OutlierHost Host, double Rate)> forRate = [];
        List<(OutlierHost Host, double Rate)> forPercentage = [];
        foreach (OutlierHost host in _hosts)
        {
            double rate = localOrigin ? host.LocalOrigin.Take(out uint requests) : host.External.Take(out requests);
            bool known = enoughHosts && !host.IsEjected && rate >= 0 && requests >= Math.Min(settings.SuccessRateRequestVolume, settings.FailurePercentageRequestVolume);
            if (localOrigin)
                host.LocalOriginSuccessRate = known ? rate : -1;
            else
                host.ExternalSuccessRate = known ? rate : -1;
            if (known && requests >= settings.SuccessRateRequestVolume)
                forRate.Add((host, rate));
            if (known && requests >= settings.FailurePercentageRequestVolume)
                forPercentage.Add((host, rate));
        }

        SuccessRateLimit limit = SuccessRateLimit.None;
        if (forRate.Count > 0 && forRate.Count >= settings.SuccessRateMinimumHosts)
        {
            limit = SuccessRateLimit.Of([.. forRate.Select(static h => h.Rate)], settings.SuccessRateStdevFactor / 1000.0);
            EjectBelow_Locked(forRate, limit.EjectionThreshold, localOrigin ? EjectionReason.SuccessRateLocalOrigin : EjectionReason.SuccessRate, limit, now, events);
        }

        if (forPercentage.Count > 0 && forPercentage.Count >= settings.FailurePercentageMinimumHosts)
        {
            // At the threshold counts as above it.
            double leastSuccess = Math.BitIncrement(100.0 - settings.FailurePercentageThreshold);
            EjectBelow_Locked(
                forPercentage, leastSuccess, localOrigin ? EjectionReason.FailurePercentageLocalOrigin : EjectionReason.FailurePercentage, limit, now, events);
        }

        return limit;
    }

    private void EjectBelow_Locked(
        List<(OutlierHost Host, double Rate)> hosts, double least, EjectionReason reason, SuccessRateLimit limit, TimeSpan now, List<OutlierEvent> events)
    {
        foreach ((OutlierHost host, double rate) in hosts)
        {
            // The success rate may have taken it out a moment ago.
            if (rate >= least || host.IsEjected)
                continue;
            Counters.Detected(reason);
            Eject_Locked(new OutlierEvent(host, true, reason, false) { HostSuccessRate = rate, Limit = limit }, now, events);
        }
    }

    private void Eject_Locked(OutlierEvent found, TimeSpan now, List<OutlierEvent> events)
    {
        OutlierDetectionConfig settings = Config;
        bool within = 100.0 * (Counters.Active + 1) / _hosts.Count <= Math.Min(settings.MaxEjectionPercent, 100) || (settings.AlwaysEjectOneHost && Counters.Active == 0);
        if (!within)
        {
            Counters.Overflowed();
            return;
        }

        OutlierHost host = found.Host;
        Counters.WithinLimit(found.Reason);
        bool enforced = IsEnforced(settings.EnforcingPercent(found.Reason));
        if (enforced)
        {
            Counters.Ejected(found.Reason);
            long jitter = (long)settings.MaxEjectionTimeJitter.TotalMilliseconds;
            host.Eject(now, TimeSpan.FromMilliseconds(jitter > 0 ? (long)(random() % (ulong)(jitter + 1)) : 0));
            // No further than the cap needs, so that an endpoint that behaves comes down from it soon.
            if (settings.BaseEjectionTime * host.Backoff < settings.MaxEjectionTime + settings.BaseEjectionTime)
                host.Backoff++;
        }

        events.Add(found with
        {
            Enforced = enforced,
            EjectedFor = enforced ? TimeOut(host) + host.Jitter : TimeSpan.Zero,
            Ejections = host.Ejections,
            SinceLastAction = now - host.ReturnedAt,
        });
    }

    private bool IsEnforced(uint percent) => percent >= 100 || (percent > 0 && random() % 100 < percent);
}
