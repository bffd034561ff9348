namespace Waypoint.Model.Clusters;

/// <summary>How the names of a cluster are resolved. Immutable.</summary>
public sealed record DnsSettings
{
    /// <summary>The shortest time between two questions for one name, whatever a TTL of zero would ask for.</summary>
    public static readonly TimeSpan MinRefresh = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two questions: a TTL of years (they exist) must not be believed for ever.</summary>
    public static readonly TimeSpan MaxRefresh = TimeSpan.FromDays(1);

    /// <summary><c>dns_lookup_family</c>.</summary>
    public DnsLookupFamily Family { get; init; } = DnsLookupFamily.Auto;

    /// <summary><c>dns_refresh_rate</c>; at least 1 ms, default 5 s (Envoy), istiod sends 60 s.</summary>
    public TimeSpan RefreshRate { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>respect_dns_ttl</c>: the TTL of the answer decides, not <see cref="RefreshRate"/>.</summary>
    public bool RespectTtl { get; init; }

    /// <summary><c>dns_jitter</c>: up to so much is added to each pause; default none.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary><c>dns_failure_refresh_rate.base_interval</c>: the pause after the first failure, doubled with each further one; default <see cref="RefreshRate"/>.</summary>
    public TimeSpan? FailureBase { get; init; }

    /// <summary><c>dns_failure_refresh_rate.max_interval</c>; default ten times <see cref="FailureBase"/> where that was sent, else no growth.</summary>
    public TimeSpan? FailureMax { get; init; }

    /// <summary>The pause before the next question. Pure.</summary>
    /// <param name="timeToLive">The smallest TTL of the answer; null if there was none.</param>
    /// <param name="failures">Failed questions in a row; 0 after an answer.</param>
    /// <param name="random">Uniform in [0, 1).</param>
    public TimeSpan NextRefresh(TimeSpan? timeToLive, int failures, double random)
    {
        TimeSpan pause;
        if (failures > 0)
        {
            TimeSpan first = FailureBase ?? RefreshRate;
            TimeSpan most = FailureMax ?? (FailureBase is { } sent ? sent * 10 : first);
            // Full jitter over the upper half: clients of one failing name server must not ask in step.
            TimeSpan grown = first * Math.Pow(2, Math.Min(failures - 1, 16));
            pause = (grown < most ? grown : most) * (0.5 + (random / 2));
        }
        else
        {
            pause = (RespectTtl && timeToLive is { } ttl ? ttl : RefreshRate) + (Jitter * random);
        }

        return pause < MinRefresh ? MinRefresh : pause > MaxRefresh ? MaxRefresh : pause;
    }
}
