using System.IO.Pipelines;
using System.Net;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tunnels;

/// <summary>One CONNECT stream of an HBONE connection: a duplex byte pipe like a TCP connection. Completing <see cref="Output"/> sends END_STREAM (half-close); the peer's
/// END_STREAM completes <see cref="Input"/>, and the other direction goes on. Completing either end with an exception resets the tunnel.
/// One reader and one writer at a time; the two may run on different threads.</summary>
public abstract class Tunnel : IDuplexPipe
{
    /// <summary>Bytes from the peer. Throws <see cref="TunnelResetException"/> after a reset. Consumed bytes give the peer its flow-control credit back.</summary>
    public abstract PipeReader Input { get; }

    /// <summary>Bytes to the peer. A flush completes when the bytes fit into the peer's windows; it reports IsCompleted once the peer takes no more.</summary>
    public abstract PipeWriter Output { get; }

    /// <summary>Identity that the peer's certificate proves.</summary>
    public abstract SpiffeId PeerIdentity { get; }

    /// <summary>Address of the peer of the HBONE connection.</summary>
    public abstract IPEndPoint? RemoteEndPoint { get; }

    /// <summary>Number of the HBONE connection, unique in this process; for logs.</summary>
    public abstract long ConnectionId { get; }

    /// <summary>The number of the worker (<see cref="Connections.SocketWorkers"/>) that serves the HBONE connection; 0 where that is not known.</summary>
    public virtual int Worker => 0;

    /// <summary>HTTP/2 stream number; for logs.</summary>
    public abstract int StreamId { get; }

    /// <summary>Completes, never faulted, when both directions have ended or the tunnel was reset by either side.</summary>
    public abstract Task Closed { get; }

    /// <summary>The code that reset the tunnel, or null as long as none did.</summary>
    public abstract TunnelReset? Reset { get; }

    /// <summary>True once the tunnel was reset by the peer or its connection was lost.</summary>
    public abstract bool ResetByPeer { get; }

    /// <summary>Sends RST_STREAM with <paramref name="reset"/> and fails both directions. No effect on a closed tunnel. Never blocks; any thread.</summary>
    public abstract void Abort(TunnelReset reset);

    /// <summary>Runs <paramref name="callback"/> once when the tunnel closes (at once if it has). For callers that must not pay for a task; runs on the connection's
    /// read loop and must not block.</summary>
    public abstract void OnClosed(Action<object?> callback, object? state);

    /// <summary>A header of the answer to our CONNECT, such as <c>baggage</c>, or null; always null on an accepted tunnel.</summary>
    public virtual string? ResponseHeader(string name) => null;
}
