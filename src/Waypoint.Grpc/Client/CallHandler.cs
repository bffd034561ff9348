using System.Net;
using Grpc.Core;

namespace Waypoint.Grpc.Client;

/// <summary>
/// Stands between the library and HTTP for what the library has no setting for: bearer token, user agent, authority and
/// timeout of each request, and the exact failure where it would only see an exception.
/// </summary>
internal sealed class CallHandler(HttpMessageHandler transport, GrpcChannelOptions options, string? authority) : DelegatingHandler(transport)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove("user-agent");
        request.Headers.TryAddWithoutValidation("user-agent", options.UserAgent);
        if (request.Headers.NonValidated.TryGetValues(CallMetadata.Timeout, out var timeout))
        {
            request.Headers.Remove(CallMetadata.Timeout);
            request.Headers.TryAddWithoutValidation("grpc-timeout", timeout.ToString());
        }
        if (authority is not null)
            request.Headers.Host = authority;
        try
        {
            if (options.BearerToken is not null)
                await AddTokenAsync(request, cancellationToken).ConfigureAwait(false);
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.StatusCode != HttpStatusCode.OK || IsGrpc(response.Content.Headers.ContentType?.MediaType) ? response : throw Refuse(response);
        }
        catch (Exception e) when (CallFailure.IsOfTransport(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(CallFailure.StatusOf(e).ToLibrary(e));
        }
    }

    private async Task AddTokenAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        string? token;
        try
        {
            token = await options.BearerToken!(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "no token: " + e.Message));
        }
        if (!string.IsNullOrEmpty(token))
            request.Headers.TryAddWithoutValidation("authorization", "Bearer " + token);
    }

    private static bool IsGrpc(string? mediaType) =>
        mediaType is not null && mediaType.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) && (mediaType.Length == 16 || mediaType[16] == '+');

    /// <summary>The answer of something between the server and us that does not speak gRPC; the library would call it Cancelled.</summary>
    private static RpcException Refuse(HttpResponseMessage response)
    {
        var type = response.Content.Headers.ContentType;
        response.Dispose();
        return new RpcException(new Status(StatusCode.Unknown, $"content type '{type}' instead of application/grpc"));
    }
}
