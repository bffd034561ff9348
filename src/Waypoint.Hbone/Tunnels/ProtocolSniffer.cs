using System.IO.Pipelines;

namespace Waypoint.Hbone.Tunnels;

/// <summary>Tells the protocol of a tunnel by its first bytes, without consuming them.</summary>
public static class ProtocolSniffer
{
    /// <summary>Waits for enough bytes or <paramref name="timeout"/>; too few bytes by then count as <see cref="SniffedProtocol.Opaque"/>.</summary>
    /// <param name="input">The tunnel's bytes; nothing is consumed, and what was seen is offered again to the next reader.</param>
    /// <param name="timeout">How long a server-first protocol is kept waiting.</param>
    /// <param name="time">Clock of the timeout.</param>
    /// <param name="cancellationToken">Shutdown.</param>
    public static ValueTask<SniffedProtocol> DetectAsync(PipeReader input, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
