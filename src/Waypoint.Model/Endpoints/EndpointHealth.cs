namespace Waypoint.Model.Endpoints;

/// <summary><c>LbEndpoint.health_status</c>.</summary>
public enum EndpointHealth
{
    /// <summary>UNKNOWN and HEALTHY: may be picked.</summary>
    Healthy,

    /// <summary>DEGRADED: picked only when no healthy one is left.</summary>
    Degraded,

    /// <summary>UNHEALTHY and TIMEOUT: never picked while the panic threshold is 0.</summary>
    Unhealthy,

    /// <summary>DRAINING: existing sessions go on, no new picks.</summary>
    Draining,
}
