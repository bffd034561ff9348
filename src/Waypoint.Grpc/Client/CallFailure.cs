using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace Waypoint.Grpc.Client;

/// <summary>Turns what the transport throws, and what the library makes of it, into a status.</summary>
internal static class CallFailure
{
    /// <summary>
    /// What the library says of a response without <c>grpc-status</c>, with the code Cancelled, although nobody cancelled anything.
    /// </summary>
    private const string NoStatus = "No grpc-status found on response.";

    private const long Http2InternalError = 0x2, Http2Cancel = 0x8, Http2EnhanceYourCalm = 0xb, Http2InadequateSecurity = 0xc;

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

    /// <summary>
    /// The status of the server, or of the transport where the library tells what that threw: it calls some lost connections Internal.
    /// </summary>
    public static GrpcStatus StatusOf(Status status)
    {
        if (status.DebugException is { } cause && IsOfTransport(cause))
            return StatusOf(cause);
        return status is { StatusCode: StatusCode.Cancelled, Detail: NoStatus }
            ? new GrpcStatus(GrpcStatusCode.Internal, "the response ended without a status")
            : GrpcStatus.From(status);
    }

    private static GrpcStatusCode CodeOf(long http2) => http2 switch
    {
        Http2InternalError => GrpcStatusCode.Internal,
        Http2Cancel => GrpcStatusCode.Cancelled,
        Http2EnhanceYourCalm => GrpcStatusCode.ResourceExhausted,
        Http2InadequateSecurity => GrpcStatusCode.PermissionDenied,
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
