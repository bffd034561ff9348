using System.Net.Security;
using System.Net.Sockets;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Proxy.Upstream;

/// <summary>An open connection to an endpoint, as deep as its layers go. Exactly one of <paramref name="Tunnel"/> and <paramref name="Socket"/> is set: the bytes at the bottom.</summary>
/// <param name="Tunnel">The tunnel.</param>
/// <param name="Socket">The plain TCP connection.</param>
/// <param name="Tls">TLS above either; it owns what is below. Null: none.</param>
internal readonly record struct UpstreamLink(Tunnel? Tunnel, Socket? Socket, SslStream? Tls)
{
    /// <summary>The application's bytes as a stream that owns the connection.</summary>
    public Stream ToStream() => Tls ?? Below();

    /// <summary>The bytes under TLS as a stream that owns the connection.</summary>
    public Stream Below() => Tunnel is { } tunnel ? new TunnelStream(tunnel) : new NetworkStream(Socket!, ownsSocket: true);
}
