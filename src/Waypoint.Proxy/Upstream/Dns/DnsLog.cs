using Microsoft.Extensions.Logging;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>What name resolution tells an operator. A failure is told when it begins and when its reason changes, not each time.</summary>
internal static partial class DnsLog
{
    [LoggerMessage(EventId = 1301, EventName = "DnsFailed", Level = LogLevel.Warning, Message = "DNS name '{Name}' cannot be resolved: {Problem}. Its {Count} known addresses stay in use; it is asked for again and again")]
    public static partial void Failed(ILogger logger, string name, string problem, int count);

    [LoggerMessage(EventId = 1302, EventName = "DnsEmpty", Level = LogLevel.Warning, Message = "DNS name '{Name}' has no address: requests that lead only there are answered with 503")]
    public static partial void Empty(ILogger logger, string name);

    [LoggerMessage(EventId = 1303, EventName = "DnsResolved", Level = LogLevel.Information, Message = "DNS name '{Name}' has {Count} addresses again")]
    public static partial void Recovered(ILogger logger, string name, int count);

    [LoggerMessage(EventId = 1304, EventName = "DnsChanged", Level = LogLevel.Debug, Message = "DNS name '{Name}' has the addresses {Addresses}")]
    public static partial void Changed(ILogger logger, string name, string addresses);

    [LoggerMessage(EventId = 1305, EventName = "DnsLoopFailed", Level = LogLevel.Error, Message = "Resolution of DNS name '{Name}' failed inside the proxy")]
    public static partial void FailedInside(ILogger logger, Exception exception, string name);
}
