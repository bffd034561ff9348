using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using Waypoint.Hbone.Tunnels;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Inbound;

/// <summary>The upstream side of an opaque connection, tunnel or socket, with or without TLS, as a pair of pipes.</summary>
internal sealed class TcpUpstream : IAsyncDisposable
{
    private readonly Tunnel? _tunnel;
    private readonly Socket? _socket;
    private readonly SslStream? _tls;
    private readonly Stream? _stream;

    public TcpUpstream(UpstreamLink link)
    {
        _tunnel = link.Tunnel;
        _socket = link.Socket;
        _tls = link.Tls;
        if (link is { Tunnel: { } tunnel, Tls: null })
        {
            Input = tunnel.Input;
            Output = tunnel.Output;
            return;
        }

        _stream = link.ToStream();
        Input = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, useZeroByteReads: true, leaveOpen: true));
        Output = PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>No more bytes will be written: the other side reads an end, and may go on sending.</summary>
    public async ValueTask CompleteOutputAsync()
    {
        await Output.CompleteAsync().ConfigureAwait(false);
        try
        {
            if (_tls is not null)
            {
                // TLS ends by close_notify; the connection below stays open for what still comes.
                await _tls.ShutdownAsync().ConfigureAwait(false);
            }
            else
            {
                _socket?.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer has reset the connection in the meantime; the reading side reports it.
        }
    }

    /// <summary>Cuts the connection.</summary>
    public void Abort()
    {
        _tunnel?.Abort(TunnelReset.Cancel);
        _socket?.Close(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await Input.CompleteAsync().ConfigureAwait(false);
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
