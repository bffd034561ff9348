using Microsoft.Extensions.Logging;

namespace Waypoint.Agent;

internal static partial class TokenFileLog
{
    [LoggerMessage(1, LogLevel.Warning, "Token {Path} cannot be read ({Reason}): calls to istiod go without it and will be refused. The pod needs a projected ServiceAccount token with audience istio-ca there.")]
    public static partial void Unreadable(ILogger logger, string path, string reason);
}
