using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Waypoint.Hbone.Terminate;

/// <summary>Kestrel transport whose connections are tunnels. Register the one instance as <see cref="IConnectionListenerFactory"/> and let Kestrel listen on a
/// <see cref="TunnelEndPoint"/> per inner protocol; IP endpoints stay with Kestrel's sockets.</summary>
public sealed class TunnelTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is TunnelEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Hands a connection to the Kestrel endpoint; false (and the connection is the caller's to abort) when nothing listens there or its queue is full.</summary>
    public bool Dispatch(TunnelEndPoint endpoint, ConnectionContext connection) => throw new NotImplementedException();
}
