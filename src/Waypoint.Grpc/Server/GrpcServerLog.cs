using Microsoft.Extensions.Logging;

namespace Waypoint.Grpc.Server;

internal static partial class GrpcServerLog
{
    [LoggerMessage(1, LogLevel.Error, "gRPC method {Path}: the handler failed", EventName = "HandlerFailed")]
    public static partial void HandlerFailed(ILogger logger, string path, Exception exception);
}
