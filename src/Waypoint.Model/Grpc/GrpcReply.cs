using Waypoint.Model.Requests;

namespace Waypoint.Model.Grpc;

/// <summary>An answer of our own to a gRPC client: headers only, HTTP 200, the rest in gRPC's own headers.</summary>
/// <param name="Status"><c>grpc-status</c>.</param>
/// <param name="Message"><c>grpc-message</c>, percent-encoded; empty: none is sent.</param>
public readonly record struct GrpcReply(int Status, string Message)
{
    /// <summary>HTTP status of every such answer.</summary>
    public const int HttpStatus = 200;

    /// <summary>What stands for an HTTP answer.</summary>
    /// <param name="httpStatus">The status a client of plain HTTP would get.</param>
    /// <param name="body">The body it would get.</param>
    /// <param name="grpcStatus">The gRPC status, where it is known; null: the one that stands for <paramref name="httpStatus"/>.</param>
    public static GrpcReply Of(int httpStatus, ReadOnlySpan<byte> body, int? grpcStatus = null) =>
        new(grpcStatus ?? GrpcStatus.FromHttp(httpStatus), PercentCoding.Encode(body, "%"));
}
