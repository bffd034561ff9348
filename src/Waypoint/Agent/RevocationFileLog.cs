using Microsoft.Extensions.Logging;

namespace Waypoint.Agent;

internal static partial class RevocationFileLog
{
    [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "{Lists} lists of revoked certificates read from {Path}")]
    public static partial void Read(ILogger logger, string path, int lists);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Error, Message = "revoked certificates cannot be read from {Path}: {Problem}; what was read before stays in force")]
    public static partial void Unreadable(ILogger logger, string path, string problem);
}
