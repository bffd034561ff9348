using Microsoft.Extensions.Logging;

namespace Waypoint.Hosting;

internal static partial class ContainerSessionLog
{
    [LoggerMessage(1, LogLevel.Information, "waypoint {Version} starts as {Node} with identity {Principal}; ProxyConfig {Config}")]
    public static partial void Starting(ILogger logger, string version, string node, string principal, string config);

    [LoggerMessage(2, LogLevel.Warning, "Arguments that are not known here are ignored: {Arguments}")]
    public static partial void UnknownArguments(ILogger logger, string arguments);

    [LoggerMessage(3, LogLevel.Information, "waypoint has ended")]
    public static partial void Ended(ILogger logger);
}
