namespace Waypoint.Model.Outliers;

/// <summary>What outlier detection of one cluster has done so far, under Envoy's names <c>outlier_detection.*</c>. Read by any thread.</summary>
public sealed class OutlierCounters
{
    private static readonly string[] Names =
    [
        "consecutive_5xx", "consecutive_gateway_failure", "success_rate", "consecutive_local_origin_failure", "local_origin_success_rate", "failure_percentage",
        "local_origin_failure_percentage",
    ];

    private readonly long[] _detected = new long[Names.Length];
    private readonly long[] _enforced = new long[Names.Length];
    private long _active;
    private long _overflow;
    private long _enforcedTotal;
    private long _total;
    private long _legacyConsecutive5xx;
    private long _legacySuccessRate;

    /// <summary><c>ejections_active</c>: endpoints that are out now.</summary>
    public long Active => Volatile.Read(ref _active);

    /// <summary><c>ejections_enforced_total</c>.</summary>
    public long EnforcedTotal => Volatile.Read(ref _enforcedTotal);

    /// <summary><c>ejections_overflow</c>: not ejected because too many were out.</summary>
    public long Overflow => Volatile.Read(ref _overflow);

    /// <summary>All of them by name.</summary>
    public IEnumerable<KeyValuePair<string, long>> All
    {
        get
        {
            yield return new("ejections_active", Active);
            yield return new("ejections_overflow", Overflow);
            yield return new("ejections_enforced_total", EnforcedTotal);
            // Three old ones that count some reasons only, enforced or not; dashboards still read them.
            yield return new("ejections_total", Volatile.Read(ref _total));
            yield return new("ejections_consecutive_5xx", Volatile.Read(ref _legacyConsecutive5xx));
            yield return new("ejections_success_rate", Volatile.Read(ref _legacySuccessRate));
            for (int i = 0; i < Names.Length; i++)
            {
                yield return new($"ejections_detected_{Names[i]}", Volatile.Read(ref _detected[i]));
                yield return new($"ejections_enforced_{Names[i]}", Volatile.Read(ref _enforced[i]));
            }
        }
    }

    internal void Detected(EjectionReason reason)
    {
        _detected[(int)reason]++;
        if (reason == EjectionReason.Consecutive5xx)
            _legacyConsecutive5xx++;
        else if (reason == EjectionReason.SuccessRate)
            _legacySuccessRate++;
    }

    internal void Overflowed() => _overflow++;

    internal void WithinLimit(EjectionReason reason)
    {
        if (reason is EjectionReason.Consecutive5xx or EjectionReason.SuccessRate)
            _total++;
    }

    internal void Ejected(EjectionReason reason)
    {
        _active++;
        _enforcedTotal++;
        _enforced[(int)reason]++;
    }

    internal void Returned() => _active--;
}
