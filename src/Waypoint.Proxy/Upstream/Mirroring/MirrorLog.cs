using Microsoft.Extensions.Logging;

namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>What mirroring tells an operator. Debug only: a mirror that fails is nobody's outage.</summary>
internal static partial class MirrorLog
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Debug, Message = "mirror to cluster {Cluster} at {Endpoint} failed")]
    public static partial void Failed(ILogger logger, Exception exception, string cluster, string endpoint);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Debug, Message = "mirror to cluster {Cluster} not sent: {Reason}")]
    public static partial void NotSent(ILogger logger, string cluster, string reason);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "mirror to cluster {Cluster} could not be made from the request")]
    public static partial void NotMade(ILogger logger, Exception exception, string cluster);
}
