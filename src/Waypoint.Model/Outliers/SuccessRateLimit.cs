namespace Waypoint.Model.Outliers;

/// <summary>The mean success rate of a cluster and the rate below which an endpoint is an outlier, in percent; -1: not computed.</summary>
public sealed record SuccessRateLimit(double Average, double EjectionThreshold)
{
    /// <summary>Not computed.</summary>
    public static SuccessRateLimit None { get; } = new(-1, -1);

    /// <summary>Mean minus so many standard deviations of the rates.</summary>
    public static SuccessRateLimit Of(IReadOnlyCollection<double> rates, double deviations)
    {
        double mean = rates.Sum() / rates.Count;
        double variance = 0;
        foreach (double rate in rates)
            variance += (rate - mean) * (rate - mean);
        return new SuccessRateLimit(mean, mean - deviations * Math.Sqrt(variance / rates.Count));
    }
}
