namespace Waypoint.Proxy.Tests.Upstream.Mirroring;

/// <summary>Stands where an endpoint's connection pool does.</summary>
internal sealed class MirrorBackend(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
}
