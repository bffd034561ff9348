using System.Net.Sockets;
using System.Security.Authentication;

namespace Waypoint.Grpc.Client;

/// <summary>Turns what the transport throws or answers into a status.</summary>
internal static class CallFailure
{
    private const long Http2InternalError = 0x2, Http2RefusedStream = 0x7, Http2Cancel = 0x8, Http2EnhanceYourCalm = 0xb, Http2InadequateSecurity = 0xc;

    /// <summary>Whether an exception means that the call cannot go on, rather than a bug on this side.</summary>
    public static bool IsOfTransport(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException or AuthenticationException or OperationCanceledException
            or ObjectDisposedException or TimeoutException;

    /// <summary>
    /// A lost connection, whatever it looks like, is Unavailable. That includes PROTOCOL_ERROR, which is what a missing answer to a
    /// keep-alive ping looks like, and a cancellation that nobody asked for, which is what a client certificate refused in TLS 1.3 looks like.
    /// </summary>
    public static GrpcStatus StatusOf(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException protocol)
                return new GrpcStatus(CodeOf(protocol.ErrorCode), e.Message);
        }
        return new GrpcStatus(GrpcStatusCode.Unavailable, exception is OperationCanceledException { InnerException: null } ? "the connection was lost" : Text(exception));
    }

    /// <summary>The answer of something between the server and us that does not speak gRPC.</summary>
    public static GrpcStatusCode CodeOfHttp(int status) => status switch
    {
        400 => GrpcStatusCode.Internal,
        401 => GrpcStatusCode.Unauthenticated,
        403 => GrpcStatusCode.PermissionDenied,
        404 => GrpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };

    private static GrpcStatusCode CodeOf(long http2) => http2 switch
    {
        Http2InternalError => GrpcStatusCode.Internal,
        Http2Cancel => GrpcStatusCode.Cancelled,
        Http2EnhanceYourCalm => GrpcStatusCode.ResourceExhausted,
        Http2InadequateSecurity => GrpcStatusCode.PermissionDenied,
        Http2RefusedStream => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unavailable,
    };

    /// <summary>The outer message says what failed, the innermost why.</summary>
    private static string Text(Exception exception)
    {
        var inner = exception;
        while (inner.InnerException is not null)
            inner = inner.InnerException;
        return ReferenceEquals(inner, exception) || exception.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? exception.Message
            : $"{exception.Message} ({inner.Message})";
    }
}
