using Microsoft.Extensions.Logging;

namespace Waypoint.Xds.Ads;

internal static partial class AdsClientLog
{
    [LoggerMessage(1, LogLevel.Information, "ADS stream to {Address} is up", EventName = "Connected")]
    public static partial void Connected(ILogger logger, string address);

    [LoggerMessage(2, LogLevel.Warning, "ADS stream to {Address} ended: {Reason}; the configuration stays in force, next attempt in {Delay}", EventName = "Disconnected")]
    public static partial void Disconnected(ILogger logger, string address, string reason, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Debug, "ADS {Type} from {Version}: {Resources} resources, {Removed} removed, accepted", EventName = "Accepted")]
    public static partial void Accepted(ILogger logger, string type, string version, int resources, int removed);

    [LoggerMessage(4, LogLevel.Warning, "ADS {Type} from {Version} refused: {Message}", EventName = "Refused")]
    public static partial void Refused(ILogger logger, string type, string version, string message);

    [LoggerMessage(5, LogLevel.Warning, "ADS response of type {Type} dropped: nothing of this type is subscribed", EventName = "Dropped")]
    public static partial void Dropped(ILogger logger, string type);

    [LoggerMessage(6, LogLevel.Error, "ADS {Type} from {Version}: applying it failed", EventName = "ApplyFailed")]
    public static partial void ApplyFailed(ILogger logger, string type, string version, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "ADS: {Missing} clusters have had no endpoints for {Wait}; listeners are asked for without them", EventName = "EndpointsMissing")]
    public static partial void EndpointsMissing(ILogger logger, int missing, TimeSpan wait);

    [LoggerMessage(8, LogLevel.Error, "ADS stream to {Address} failed on this side", EventName = "StreamFailed")]
    public static partial void StreamFailed(ILogger logger, string address, Exception exception);
}
