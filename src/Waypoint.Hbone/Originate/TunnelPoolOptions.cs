using Waypoint.Hbone.Connections;

namespace Waypoint.Hbone.Originate;

/// <summary>How connections to destinations are pooled.</summary>
public sealed record TunnelPoolOptions
{
    /// <summary>Tunnels on one connection, at most; the peer's own limit holds if it is lower. Default 100.</summary>
    public int MaxTunnelsPerConnection { get; init; } = 100;

    /// <summary>Connections of one worker to one endpoint, at most. Default 16.</summary>
    public int MaxConnectionsPerEndpoint { get; init; } = 16;

    /// <summary>Tunnels of one endpoint that may wait for a connection; more fail at once. Default 4096.</summary>
    public int MaxWaiters { get; init; } = 4096;

    /// <summary>A connection without tunnels is closed after this time. Default 5 min.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After a GOAWAY, how long an unanswered CONNECT waits before it is tried on a new connection. Default 1 s.</summary>
    public TimeSpan GoAwayGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Limits of each connection.</summary>
    public ConnectionOptions Connection { get; init; } = new();
}
