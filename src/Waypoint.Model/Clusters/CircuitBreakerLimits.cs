namespace Waypoint.Model.Clusters;

/// <summary><c>CircuitBreakers.Thresholds</c> of priority DEFAULT; every limit counts concurrent things.</summary>
public sealed record CircuitBreakerLimits(uint MaxConnections, uint MaxPendingRequests, uint MaxRequests, uint MaxRetries)
{
    /// <summary>What Envoy uses when nothing is sent: 1024, 1024, 1024, 3.</summary>
    public static CircuitBreakerLimits EnvoyDefaults { get; } = new(1024, 1024, 1024, 3);
}
