using System.Net;

namespace Waypoint.Hbone.Originate;

/// <summary>Opens the TCP connection under an HBONE connection. A demo or a test wraps <see cref="SocketDialer"/> to dial another address.</summary>
public interface IHboneDialer
{
    /// <summary>Connects to <paramref name="address"/>.</summary>
    /// <param name="address">What the target asks for.</param>
    /// <param name="cancellationToken">Deadline or shutdown.</param>
    ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken);
}
