using Microsoft.Extensions.Logging;

namespace Waypoint.Proxy.Telemetry;

/// <summary>What the data path tells an operator.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "tunnel from {Peer} at {Source} to {Authority} refused with {Status}: {Reason}")]
    public static partial void TunnelRefused(ILogger logger, string peer, string source, string authority, int status, string reason);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Error, Message = "request {Method} {Path} on chain {Chain} failed inside the proxy; the client got status 500")]
    public static partial void RequestFailedInside(ILogger logger, Exception exception, string method, string path, string chain);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Information, Message = "waypoint listens on {EndPoint}")]
    public static partial void Listening(ILogger logger, string endPoint);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information, Message = "draining: no new tunnels are invited, {Tunnels} tunnels may finish within {Deadline}")]
    public static partial void Draining(ILogger logger, int tunnels, TimeSpan deadline);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Debug, Message = "tunnel from {Source} to {Authority} ended: {Reason}")]
    public static partial void TunnelEnded(ILogger logger, string source, string authority, string reason);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error, Message = "tunnel from {Source} to {Authority} failed inside the proxy")]
    public static partial void TunnelFailedInside(ILogger logger, Exception exception, string source, string authority);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Information, Message = "request {Method} {Path} to cluster {Cluster} was not tried again: its body is larger than what is kept for retries")]
    public static partial void BodyTooLargeToRetry(ILogger logger, string method, string path, string cluster);
}
