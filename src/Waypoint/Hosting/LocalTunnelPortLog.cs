using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Originate;

namespace Waypoint.Hosting;

internal static partial class LocalTunnelPortLog
{
    [LoggerMessage(1, LogLevel.Warning, "No tunnel to {Authority} through the waypoint at {Waypoint}: {Failure}, {Reason}")]
    public static partial void ConnectFailed(ILogger logger, string authority, string waypoint, TunnelConnectFailure failure, string reason);

    [LoggerMessage(2, LogLevel.Warning, "A local connection was not accepted: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Information, "{Listen} leads to {Authority} through the waypoint at {Waypoint}, as {Principal}")]
    public static partial void Open(ILogger logger, string listen, string authority, string waypoint, string principal);
}
