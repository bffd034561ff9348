using Microsoft.Extensions.Logging;

namespace Waypoint.Proxy.Upstream;

/// <summary>What outlier detection tells an operator.</summary>
internal static partial class ClusterHealthLog
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning,
        Message = "endpoint {Endpoint} of cluster {Cluster} is ejected by outlier detection: {Reason}, for {Duration}; {Active} of the cluster are out; event {Line}")]
    public static partial void Ejected(ILogger logger, string endpoint, string cluster, string reason, TimeSpan duration, long active, string line);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Information, Message = "endpoint {Endpoint} of cluster {Cluster} is back after its ejection; event {Line}")]
    public static partial void Returned(ILogger logger, string endpoint, string cluster, string line);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Debug,
        Message = "endpoint {Endpoint} of cluster {Cluster} is an outlier ({Reason}) and stays: the enforcing percentage says so; event {Line}")]
    public static partial void Detected(ILogger logger, string endpoint, string cluster, string reason, string line);
}
