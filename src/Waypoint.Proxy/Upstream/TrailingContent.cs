using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Upstream;

/// <summary>A request body for an HTTP/2 upstream that may be followed by trailers, which the HTTP client has no place for. They go behind the body as marked bytes, and the connection
/// (<see cref="Http2UpstreamStream"/>) makes trailers of them. Only bodies without an announced length: the client counts the bytes of the others.</summary>
internal sealed class TrailingContent(HttpContent body, HttpExchange exchange) : HttpContent
{
    private readonly IHttpRequestTrailersFeature? _trailers = exchange.Context.Features.Get<IHttpRequestTrailersFeature>();
    private readonly int _request = exchange.Serial;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await body.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
        if (Read() is { } bytes)
        {
            await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <summary>The trailers as marked bytes; null if there are none. The upstream may have answered already, and the server may be at its next request.</summary>
    private byte[]? Read()
    {
        if (_trailers is not { Available: true, Trailers.Count: > 0 })
        {
            return null;
        }

        byte[]? bytes = TrailerMark.Encode(_trailers.Trailers);
        return exchange.Serial == _request ? bytes : null;
    }
}
