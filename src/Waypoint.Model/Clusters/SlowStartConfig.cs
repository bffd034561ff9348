namespace Waypoint.Model.Clusters;

/// <summary><c>Cluster.SlowStartConfig</c>: a new endpoint gets its share little by little. Immutable.</summary>
/// <param name="Window"><c>slow_start_window</c>: how long it takes to the full weight; above zero.</param>
/// <param name="Aggression"><c>aggression.default_value</c>: 1 (default) is a straight line, more is faster at first; above zero.</param>
/// <param name="MinimumPercent"><c>min_weight_percent</c>: share of the weight at the start, 0 to 100; default 10.</param>
public sealed record SlowStartConfig(TimeSpan Window, double Aggression = 1, double MinimumPercent = 10)
{
    /// <summary>The part of its weight, above 0 up to 1, that an endpoint of that age has.</summary>
    public double FactorAt(TimeSpan age)
    {
        if (age >= Window)
            return 1;
        // From the first millisecond on, as Envoy counts, so that nobody starts with nothing.
        double part = Math.Max(age.TotalMilliseconds, 1) / Window.TotalMilliseconds;
        return Math.Clamp(Math.Max(MinimumPercent / 100, Math.Pow(part, 1 / Aggression)), double.Epsilon, 1);
    }
}
