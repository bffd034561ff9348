using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Terminate;

/// <summary>A tunnel as Kestrel's connection. <c>ConnectionClosed</c> fires when the tunnel is over or reset, not on a half-close. Add features before
/// it is dispatched; they are seen as <c>HttpContext.Features</c> by every request inside.</summary>
public sealed class TunnelConnectionContext : ConnectionContext
{
    private readonly FeatureCollection _features = new();
    private readonly CancellationTokenSource _closed = new();
    private string? _connectionId;
    private IDictionary<object, object?>? _items;

    /// <summary>Wraps <paramref name="tunnel"/>.</summary>
    /// <param name="tunnel">The accepted tunnel.</param>
    /// <param name="localEndPoint">The address that the client dialled, or null for a host name.</param>
    public TunnelConnectionContext(Tunnel tunnel, EndPoint? localEndPoint)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Tunnel = tunnel;
        Transport = tunnel;
        RemoteEndPoint = tunnel.RemoteEndPoint;
        LocalEndPoint = localEndPoint;
        ConnectionClosed = _closed.Token;
        tunnel.OnClosed(static state => ((TunnelConnectionContext)state!).OnClosed(), this);
    }

    /// <summary>The tunnel.</summary>
    public Tunnel Tunnel { get; }

    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => _connectionId ??= $"{Tunnel.ConnectionId}/{Tunnel.StreamId}";
        set => _connectionId = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => _features;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => _items ??= new Dictionary<object, object?>();
        set => _items = value;
    }

    /// <inheritdoc/>
    public override IDuplexPipe Transport { get; set; }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => Tunnel.Abort(TunnelReset.Cancel);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        // Kestrel has completed both ends on every regular way; a middleware that failed before may not have.
        Tunnel.Output.Complete();
        Tunnel.Input.Complete();
        return base.DisposeAsync();
    }

    // On a pool thread: what Kestrel registered runs user code, and the caller is a read loop.
    private void OnClosed() => ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), _closed, preferLocal: false);
}
