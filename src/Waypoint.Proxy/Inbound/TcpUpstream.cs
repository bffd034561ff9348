using System.IO.Pipelines;
using System.Net.Sockets;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Proxy.Inbound;

/// <summary>The upstream side of an opaque connection, tunnel or socket, as a pair of pipes.</summary>
internal sealed class TcpUpstream : IAsyncDisposable
{
    private readonly Tunnel? _tunnel;
    private readonly Socket? _socket;
    private readonly NetworkStream? _stream;

    private TcpUpstream(Tunnel tunnel)
    {
        _tunnel = tunnel;
        Input = tunnel.Input;
        Output = tunnel.Output;
    }

    private TcpUpstream(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        Input = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, useZeroByteReads: true, leaveOpen: true));
        Output = PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public static TcpUpstream Over(Tunnel tunnel) => new(tunnel);

    public static TcpUpstream Over(Socket socket) => new(socket);

    /// <summary>No more bytes will be written: the other side reads an end, and may go on sending.</summary>
    public async ValueTask CompleteOutputAsync()
    {
        await Output.CompleteAsync().ConfigureAwait(false);
        try
        {
            _socket?.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
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
