namespace Waypoint.Model.Outliers;

/// <summary>What outlier detection remembers about one endpoint. It lives as long as the endpoint's address stays in its cluster. Counters are updated by many
/// threads at once without a lock; the rest changes under the detector's.</summary>
/// <param name="name">The address, for events.</param>
public sealed class OutlierHost(string name)
{
    internal SuccessCount External;
    internal SuccessCount LocalOrigin;
    private int _consecutive5xx;
    private int _consecutiveGateway;
    private int _consecutiveLocal;
    private bool _isEjected;

    /// <summary>The address, for events.</summary>
    public string Name => name;

    /// <summary>Out of the balancer now.</summary>
    public bool IsEjected => Volatile.Read(ref _isEjected);

    /// <summary>Ejections so far.</summary>
    public uint Ejections { get; private set; }

    /// <summary>Success rate of answers in the last interval in percent; -1: too few requests.</summary>
    public double ExternalSuccessRate { get; internal set; } = -1;

    /// <summary>Success rate of connecting in the last interval in percent; -1: too few.</summary>
    public double LocalOriginSuccessRate { get; internal set; } = -1;

    /// <summary>Random addition to the ejection under way.</summary>
    public TimeSpan Jitter { get; private set; }

    /// <summary>Ejections in a row: multiplies the ejection time; each sweep that finds the endpoint in takes one off.</summary>
    internal uint Backoff { get; set; }

    internal TimeSpan? EjectedAt { get; private set; }

    internal TimeSpan? ReturnedAt { get; private set; }

    /// <summary>Counts one failure; true exactly for the one that reaches the threshold.</summary>
    internal bool Reaches(EjectionReason reason, uint threshold) => Interlocked.Increment(ref Counter(reason)) == threshold;

    internal void Reset(EjectionReason reason)
    {
        ref int counter = ref Counter(reason);
        // Nearly always zero: a read leaves the cache line shared.
        if (Volatile.Read(ref counter) != 0)
            Volatile.Write(ref counter, 0);
    }

    internal void Eject(TimeSpan now, TimeSpan jitter)
    {
        EjectedAt = now;
        Jitter = jitter;
        Ejections++;
        Volatile.Write(ref _isEjected, true);
    }

    internal void Return(TimeSpan now)
    {
        ReturnedAt = now;
        Reset(EjectionReason.Consecutive5xx);
        Reset(EjectionReason.ConsecutiveGatewayFailure);
        Reset(EjectionReason.ConsecutiveLocalOriginFailure);
        Volatile.Write(ref _isEjected, false);
    }

    private ref int Counter(EjectionReason reason)
    {
        if (reason == EjectionReason.Consecutive5xx)
            return ref _consecutive5xx;
        return ref reason == EjectionReason.ConsecutiveGatewayFailure ? ref _consecutiveGateway : ref _consecutiveLocal;
    }
}
