namespace Waypoint.Model.Clusters;

/// <summary><c>CircuitBreakers.Thresholds</c> of one priority; every limit counts concurrent things.</summary>
public sealed record CircuitBreakerLimits(uint MaxConnections, uint MaxPendingRequests, uint MaxRequests, uint MaxRetries)
{
    /// <summary>What Envoy uses when nothing is sent: 1024, 1024, 1024, 3.</summary>
    public static CircuitBreakerLimits EnvoyDefaults { get; } = new(1024, 1024, 1024, 3);

    /// <summary><c>retry_budget</c>, which replaces <see cref="MaxRetries"/>; null: absent.</summary>
    public RetryBudget? RetryBudget { get; init; }

    /// <summary>False if nothing depends on how many requests are under way, as in what istiod sends without a DestinationRule: then nobody needs to count them.</summary>
    public bool CountsRequests => MaxRequests < uint.MaxValue || RetryBudget is not null;

    /// <summary>Retries that may be under way while <paramref name="activeRequests"/> are.</summary>
    public uint RetriesAllowed(long activeRequests) =>
        RetryBudget is { } budget ? (uint)Math.Min(uint.MaxValue, Math.Max(budget.MinimumConcurrency, activeRequests * budget.Percent / 100)) : MaxRetries;
}
