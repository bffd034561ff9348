namespace Waypoint.Grpc.Client;

/// <summary>The end of a chain of handlers that is somebody else's pool; never disposes it.</summary>
internal sealed class PoolHandler(HttpMessageInvoker pool) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => pool.SendAsync(request, cancellationToken);
}
