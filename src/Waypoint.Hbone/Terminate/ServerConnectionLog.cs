using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Frames;

namespace Waypoint.Hbone.Terminate;

internal static partial class ServerConnectionLog
{
    [LoggerMessage(2001, LogLevel.Information, "CONNECT to '{Authority}' from {Peer} (connection {Connection}, stream {Stream}) was answered with {Status}.")]
    public static partial void ConnectRejected(ILogger logger, long connection, int stream, string peer, string authority, int status);

    [LoggerMessage(2002, LogLevel.Information, "A malformed request from {Peer} (connection {Connection}, stream {Stream}) was reset with PROTOCOL_ERROR.")]
    public static partial void ConnectMalformed(ILogger logger, long connection, int stream, string peer);

    [LoggerMessage(2003, LogLevel.Information, "A CONNECT from {Peer} (connection {Connection}, stream {Stream}) was reset with REFUSED_STREAM: the connection is full or draining.")]
    public static partial void ConnectRefused(ILogger logger, long connection, int stream, string peer);

    [LoggerMessage(2004, LogLevel.Error, "The handler of CONNECT to '{Authority}' (connection {Connection}, stream {Stream}) failed; it was answered with 503.")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, long connection, int stream, string authority);

    [LoggerMessage(2005, LogLevel.Information, "HBONE connection {Connection} from {Peer} was closed with {Code}: {Reason}.")]
    public static partial void ProtocolViolation(ILogger logger, long connection, string peer, ErrorCode code, string reason);

    [LoggerMessage(2006, LogLevel.Debug, "HBONE connection {Connection} from {Peer} ended: {Reason}.")]
    public static partial void Ended(ILogger logger, long connection, string peer, string reason);
}
