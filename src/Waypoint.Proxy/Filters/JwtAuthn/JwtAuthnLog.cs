using Microsoft.Extensions.Logging;
using Waypoint.Model.Tokens;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>What an operator must know about keys. Never a token, and never why a client's token was refused: that is in the access log.</summary>
internal static partial class JwtAuthnLog
{
    [LoggerMessage(EventId = 1201, EventName = "KeysNotFetched", Level = LogLevel.Warning,
        Message = "keys at {Uri} could not be fetched through cluster '{Cluster}': {Reason}; tokens that need them are refused")]
    public static partial void NotFetched(ILogger logger, string uri, string cluster, string reason);

    [LoggerMessage(EventId = 1202, EventName = "KeysNotUsable", Level = LogLevel.Warning, Message = "keys of {Origin} cannot be used ({Status}); tokens that need them are refused")]
    public static partial void NotUsable(ILogger logger, string origin, JwtStatus status);

    [LoggerMessage(EventId = 1203, EventName = "KeysFetched", Level = LogLevel.Debug, Message = "keys at {Uri} fetched: {Count}")]
    public static partial void Fetched(ILogger logger, string uri, int count);
}
