using System.Net;
using Waypoint.Hbone.Tunnels;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Terminate;

/// <summary>One CONNECT as it arrived. Answered exactly once, from any thread; a second answer throws.</summary>
public abstract class ConnectRequest
{
    /// <summary><c>:authority</c> as it was sent.</summary>
    public abstract string Authority { get; }

    /// <summary>Host of the authority: canonical text of the address, or the host name in lower case without trailing dot.</summary>
    public abstract string Host { get; }

    /// <summary>Address of the authority, IPv4-mapped ones as IPv4; null for a host name.</summary>
    public abstract IPAddress? Address { get; }

    /// <summary>Port of the authority, 1-65535.</summary>
    public abstract int Port { get; }

    /// <summary>Identity of the client, from its certificate.</summary>
    public abstract SpiffeId PeerIdentity { get; }

    /// <summary>Our own identity on this connection.</summary>
    public abstract SpiffeId LocalIdentity { get; }

    /// <summary>Address of the peer of the HBONE connection.</summary>
    public abstract IPEndPoint RemoteEndPoint { get; }

    /// <summary>Our address of the HBONE connection.</summary>
    public abstract IPEndPoint LocalEndPoint { get; }

    /// <summary>Number of the HBONE connection, unique in this process.</summary>
    public abstract long ConnectionId { get; }

    /// <summary>HTTP/2 stream number.</summary>
    public abstract int StreamId { get; }

    /// <summary>A header field by its lower-case name (<c>baggage</c>, <c>forwarded</c>, <c>traceparent</c>, <c>x-istio-source</c>, <c>x-forwarded-network</c>), several lines
    /// joined by a comma; null if absent. What the client says about itself, never proven.</summary>
    public abstract string? Header(string name);

    /// <summary>Answers 200 and opens the tunnel.</summary>
    public abstract Tunnel Accept();

    /// <summary>Answers <paramref name="status"/> (400-599) and ends the stream; the connection and its other tunnels go on.</summary>
    public abstract void Reject(int status);
}
