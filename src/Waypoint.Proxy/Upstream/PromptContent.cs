using System.Net;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Upstream;

/// <summary>An upstream's response body whose headers do not wait for it: they go to the client as soon as the next body bytes are not at hand, and before an error of the body
/// cuts the stream. Headers and body that arrive together still leave together, so the common small answer costs no write of its own.</summary>
internal sealed class PromptContent(HttpContent inner, HttpExchange exchange) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync() => new PromptStream(await inner.ReadAsStreamAsync().ConfigureAwait(false), exchange);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => inner.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
