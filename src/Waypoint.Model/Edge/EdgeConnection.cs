using System.Net;

namespace Waypoint.Model.Edge;

/// <summary>The connection that carries a request, as far as its headers depend on it.</summary>
/// <param name="Peer">Address of the peer; null if it has none (a unix socket).</param>
/// <param name="LocalPort">The port that the client dialled; 0 if unknown.</param>
/// <param name="IsTls">True if the HTTP itself is encrypted. HBONE around it does not count.</param>
public readonly record struct EdgeConnection(IPAddress? Peer, int LocalPort, bool IsTls)
{
    /// <summary>Our own address as other hosts know it: stands in <c>x-forwarded-for</c> for a peer on loopback; null: the peer's own.</summary>
    public IPAddress? ProxyAddress { get; init; }

    /// <summary>The client's certificate; null without mutual TLS.</summary>
    public ClientCertificate? Certificate { get; init; }
}
