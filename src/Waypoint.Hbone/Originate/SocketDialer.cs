using System.Net;

namespace Waypoint.Hbone.Originate;

/// <summary>Dials with a TCP socket: no delay, TCP keepalive, unsent bytes bounded.</summary>
public sealed class SocketDialer : IHboneDialer
{
    /// <inheritdoc/>
    public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) => throw new NotImplementedException();
}
