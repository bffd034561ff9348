using System.Net;
using Waypoint.Hbone.Connections;

namespace Waypoint.Hbone.Terminate;

/// <summary>Where and how HBONE connections are accepted.</summary>
public sealed record HboneListenerOptions
{
    /// <summary>Addresses to listen on; port 0 takes a free port. <c>[::]</c> listens on both families. Not empty.</summary>
    public required IReadOnlyList<IPEndPoint> EndPoints { get; init; }

    /// <summary>Tunnels that one connection may hold (SETTINGS_MAX_CONCURRENT_STREAMS). Never below 128: a ztunnel assumes 100 before it has read our settings and lets the excess
    /// hang. Default 1024.</summary>
    public int MaxConcurrentStreams { get; init; } = 1024;

    /// <summary>From accept to the end of the TLS handshake. A ztunnel waits without limit, and all its new connections with it. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>TLS handshakes in progress at the same time; more wait in the listen queue. Default 256.</summary>
    public int MaxConcurrentHandshakes { get; init; } = 256;

    /// <summary>Length of the listen queue. Default 4096.</summary>
    public int Backlog { get; init; } = 4096;

    /// <summary>Limits of each connection.</summary>
    public ConnectionOptions Connection { get; init; } = new();
}
