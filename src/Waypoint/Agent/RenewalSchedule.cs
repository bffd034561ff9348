using Waypoint.Options;

namespace Waypoint.Agent;

/// <summary>When a certificate is renewed, and how long to wait after a failure. Pure: random numbers come from the caller.</summary>
/// <param name="Validity">Lifetime asked for; default 24 h.</param>
/// <param name="GraceRatio">Part of the lifetime that is left at renewal; default 0.5.</param>
/// <param name="GraceJitter">Random part added to or taken from the ratio; default 0.01.</param>
internal sealed record RenewalSchedule(TimeSpan Validity, double GraceRatio, double GraceJitter)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(60);

    public static RenewalSchedule Default { get; } = new(TimeSpan.FromHours(24), 0.5, 0.01);

    public static RenewalSchedule From(ContainerEnvironment environment) => new(
        environment.Duration(EnvironmentTable.SecretTtl, Default.Validity),
        environment.Number(EnvironmentTable.GraceRatio, Default.GraceRatio, 0, 1),
        environment.Number(EnvironmentTable.GraceJitter, Default.GraceJitter, 0, 1));

    /// <summary>Time from <paramref name="now"/> to the renewal; zero when it is due.</summary>
    /// <param name="certificate">The one in use.</param>
    /// <param name="now">By our clock.</param>
    /// <param name="random">0 to 1.</param>
    public TimeSpan UntilRenewal(IssuedCertificate certificate, DateTimeOffset now, double random)
    {
        var ratio = Math.Clamp(GraceRatio + GraceJitter * (2 * random - 1), 0, 1);
        var due = certificate.NotAfter - ratio * (certificate.NotAfter - certificate.IssuedAt);
        return due > now ? due - now : TimeSpan.Zero;
    }

    /// <summary>Wait after the given number of failures in a row: 500 ms growing by half to 60 s, plus or minus half. While a certificate is still good, never longer
    /// than an eighth of what is left of it, so that a short outage of the authority cannot outlast a short certificate.</summary>
    public static TimeSpan AfterFailure(int failures, TimeSpan? left, double random)
    {
        var delay = Math.Min(FirstDelay.TotalSeconds * Math.Pow(1.5, Math.Min(failures - 1, 20)), LongestDelay.TotalSeconds);
        delay *= 0.5 + random;
        if (left is { } rest && rest > TimeSpan.Zero)
            delay = Math.Min(delay, Math.Max(rest.TotalSeconds / 8, 0.2));
        return TimeSpan.FromSeconds(delay);
    }
}
