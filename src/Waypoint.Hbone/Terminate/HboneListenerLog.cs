using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Waypoint.Hbone.Terminate;

internal static partial class HboneListenerLog
{
    [LoggerMessage(2051, LogLevel.Information, "TLS handshake with {Remote} failed: {Reason}.")]
    public static partial void HandshakeFailed(ILogger logger, IPEndPoint? remote, string reason);

    [LoggerMessage(2052, LogLevel.Warning, "Connection from {Remote} was closed: there is no workload certificate yet.")]
    public static partial void NoIdentity(ILogger logger, IPEndPoint remote);

    [LoggerMessage(2053, LogLevel.Warning, "Accepting a connection failed: {Error}.")]
    public static partial void AcceptFailed(ILogger logger, SocketError error);

    [LoggerMessage(2054, LogLevel.Warning, "The drain time is over with {Tunnels} tunnels still open; they are reset.")]
    public static partial void DrainTimedOut(ILogger logger, int tunnels);
}
