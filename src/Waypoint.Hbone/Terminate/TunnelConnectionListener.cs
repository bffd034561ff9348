using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Waypoint.Hbone.Terminate;

/// <summary>One bound tunnel endpoint: a bounded queue from which Kestrel accepts.</summary>
internal sealed class TunnelConnectionListener(TunnelEndPoint endPoint, Action<TunnelConnectionListener> onUnbound) : IConnectionListener
{
    private const int MaxQueued = 8192;

    private readonly Channel<ConnectionContext> _queue = Channel.CreateBounded<ConnectionContext>(new BoundedChannelOptions(MaxQueued)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.Wait,
    });

    public EndPoint EndPoint => endPoint;

    /// <summary>False when the queue is full or the endpoint is unbound.</summary>
    public bool TryEnqueue(ConnectionContext connection) => _queue.Writer.TryWrite(connection);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_queue.Reader.TryRead(out ConnectionContext? connection))
                return connection;
        }
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        onUnbound(this);
        _queue.Writer.TryComplete();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        while (_queue.Reader.TryRead(out ConnectionContext? connection))
            connection.Abort(new ConnectionAbortedException("The server is shutting down."));
        return default;
    }
}
