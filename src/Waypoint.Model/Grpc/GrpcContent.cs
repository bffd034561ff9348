namespace Waypoint.Model.Grpc;

/// <summary>What counts as gRPC.</summary>
public static class GrpcContent
{
    private const string ContentType = "application/grpc";

    /// <summary>True for <c>application/grpc</c> and <c>application/grpc+proto</c> and the like; gRPC-Web is another protocol.</summary>
    public static bool IsGrpc(ReadOnlySpan<char> contentType) =>
        contentType.StartsWith(ContentType) && (contentType.Length == ContentType.Length || contentType[ContentType.Length] == '+');

    /// <summary>True for a request of that content type that names a method, which is its path.</summary>
    public static bool IsRequest(string? contentType, string? path) => contentType is not null && path is not null && IsGrpc(contentType);

    /// <summary>True for a response that a gRPC server may have sent.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="contentType">Its content type; null if it has none.</param>
    /// <param name="grpcStatus"><c>grpc-status</c> among its headers; null if it is absent.</param>
    /// <param name="endsWithHeaders">Nothing follows the headers, which then have to tell the status.</param>
    public static bool IsResponse(int status, string? contentType, string? grpcStatus, bool endsWithHeaders) =>
        endsWithHeaders ? grpcStatus is not null : status == 200 && contentType is not null && IsGrpc(contentType);
}
