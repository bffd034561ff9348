using System.Net;
using Microsoft.Extensions.Logging;

namespace Waypoint.Hbone.Originate;

internal static partial class TunnelPoolLog
{
    [LoggerMessage(2151, LogLevel.Debug, "CONNECT at {Address} got no answer ({Outcome}); it is sent once more on another connection.")]
    public static partial void Retrying(ILogger logger, IPEndPoint address, ConnectAnswer.Kind outcome);

    [LoggerMessage(2152, LogLevel.Warning, "HBONE connection to {Address} was refused by us: {Reason}.")]
    public static partial void PeerRefused(ILogger logger, IPEndPoint address, string reason);
}
