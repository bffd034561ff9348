using Microsoft.Extensions.Logging;

namespace Waypoint.Xds.Snapshots;

/// <summary>What <see cref="ConfigurationSession"/> logs.</summary>
internal static partial class ConfigurationSessionLog
{
    [LoggerMessage(EventId = 1, EventName = "ConfigurationRefused", Level = LogLevel.Warning, Message = "{Type} refused: {Problem}")]
    public static partial void Refused(ILogger logger, string type, string problem);

    [LoggerMessage(EventId = 2, EventName = "ConfigurationIgnored", Level = LogLevel.Warning, Message = "{Subject}: {Field} has no effect: {Reason} (listed once, wherever it is sent)")]
    public static partial void Ignored(ILogger logger, string subject, string field, string reason);

    [LoggerMessage(EventId = 3, EventName = "ConfigurationWaitedTooLong", Level = LogLevel.Warning, Message = "Listener 'main_internal' goes live although {Count} names are not answered: {Names}")]
    public static partial void WaitedTooLong(ILogger logger, string names, int count);
}
