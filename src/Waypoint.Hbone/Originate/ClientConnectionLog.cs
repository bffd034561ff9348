using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Frames;

namespace Waypoint.Hbone.Originate;

internal static partial class ClientConnectionLog
{
    [LoggerMessage(2101, LogLevel.Information, "HBONE connection {Connection} to {Peer} was closed with {Code}: {Reason}.")]
    public static partial void ProtocolViolation(ILogger logger, long connection, string peer, ErrorCode code, string reason);

    [LoggerMessage(2102, LogLevel.Debug, "HBONE connection {Connection} to {Peer} ended: {Reason}.")]
    public static partial void Ended(ILogger logger, long connection, string peer, string reason);

    [LoggerMessage(2103, LogLevel.Debug, "HBONE connection {Connection} to {Peer} is going away (last stream {LastStream}, {Code}).")]
    public static partial void GoAway(ILogger logger, long connection, string peer, int lastStream, ErrorCode code);
}
