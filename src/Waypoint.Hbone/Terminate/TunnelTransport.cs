using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Waypoint.Hbone.Terminate;

/// <summary>Kestrel transport whose connections are tunnels. Register the one instance as <see cref="IConnectionListenerFactory"/> and let Kestrel listen on a
/// <see cref="TunnelEndPoint"/> per inner protocol; IP endpoints stay with Kestrel's sockets. Thread-safe.</summary>
/// <param name="pools">Kestrel's own memory pools, from its services. The pool shared by the process would not do: Kestrel asks for blocks of no given size, and gets empty ones there.</param>
public sealed class TunnelTransport(IMemoryPoolFactory<byte> pools) : IConnectionListenerFactory, IConnectionListenerFactorySelector, IMemoryPoolFeature
{
    private readonly ConcurrentDictionary<string, TunnelConnectionListener> _listeners = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public MemoryPool<byte> MemoryPool { get; } = pools.Create();

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is TunnelEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not TunnelEndPoint named)
            throw new NotSupportedException($"{endpoint} is not a tunnel endpoint.");
        var listener = new TunnelConnectionListener(named, removed => _listeners.TryRemove(KeyValuePair.Create(named.Name, removed)));
        if (!_listeners.TryAdd(named.Name, listener))
            throw new AddressInUseException($"The tunnel endpoint '{named.Name}' is bound already.");
        return new ValueTask<IConnectionListener>(listener);
    }

    /// <summary>Hands a connection to the Kestrel endpoint; false (and the connection is the caller's to abort) when nothing listens there or its queue is full.</summary>
    public bool Dispatch(TunnelEndPoint endpoint, ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(connection);
        if (!_listeners.TryGetValue(endpoint.Name, out TunnelConnectionListener? listener))
            return false;
        if (connection.Features.Get<IMemoryPoolFeature>() is null)
            connection.Features.Set<IMemoryPoolFeature>(this);
        return listener.TryEnqueue(connection);
    }
}
