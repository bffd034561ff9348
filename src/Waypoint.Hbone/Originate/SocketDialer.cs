using System.Net;
using System.Net.Sockets;
using Waypoint.Hbone.Connections;

namespace Waypoint.Hbone.Originate;

/// <summary>Dials with a TCP socket: no delay, TCP keepalive, an end to sending into nothing.</summary>
public sealed class SocketDialer : IHboneDialer
{
    /// <inheritdoc/>
    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            SocketTuning.Apply(socket);
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return new TransportStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
