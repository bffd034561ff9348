namespace Waypoint.Model.Outliers;

/// <summary>An endpoint was found bad, or returns.</summary>
/// <param name="Host">Which.</param>
/// <param name="IsEjection">False: it returns.</param>
/// <param name="Reason">Why; of a return nothing is known.</param>
/// <param name="Enforced">Whether it has consequences; false where the enforcing percentage said no.</param>
public sealed record OutlierEvent(OutlierHost Host, bool IsEjection, EjectionReason Reason, bool Enforced)
{
    /// <summary>How long it stays out at least; the next sweep after that takes it back.</summary>
    public TimeSpan EjectedFor { get; init; }

    /// <summary>Ejections of this endpoint so far.</summary>
    public uint Ejections { get; init; }

    /// <summary>Time since its last return (of an ejection) or ejection (of a return); null: never.</summary>
    public TimeSpan? SinceLastAction { get; init; }

    /// <summary>Success rate of the endpoint in percent, where that is the reason.</summary>
    public double HostSuccessRate { get; init; }

    /// <summary>Mean and limit of the cluster, where the success rate is the reason.</summary>
    public SuccessRateLimit Limit { get; init; } = SuccessRateLimit.None;
}
