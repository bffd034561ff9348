using System.Net.Sockets;

namespace Waypoint.Hbone.Connections;

/// <summary>The TCP stream under TLS. While the handshake lasts, reads continue on the thread pool: socket events arrive on the few threads that serve all connections, and a
/// handshake computes for a millisecond.</summary>
internal sealed class TransportStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private volatile bool _established;

    /// <summary>The number of the worker (<see cref="SocketWorkers"/>) that serves the socket; known when the handshake is over, 0 if it never waited.</summary>
    public int Worker { get; private set; }

    /// <summary>The handshake is over: from now on reads continue where the event arrives.</summary>
    public void MarkEstablished() => _established = true;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _established ? base.ReadAsync(buffer, cancellationToken) : ReadOnPoolAsync(buffer, cancellationToken);

    private async ValueTask<int> ReadOnPoolAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ValueTask<int> pending = base.ReadAsync(buffer, cancellationToken);
        if (pending.IsCompleted)
            return await pending.ConfigureAwait(false);
        int read = await pending.ConfigureAwait(false);
        Worker = SocketWorkers.Current;
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return read;
    }
}
