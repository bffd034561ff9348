using System.Net;

namespace Waypoint.Proxy.Upstream;

/// <summary>A request body for an HTTP/1.1 upstream. The HTTP client reads the answer only when it has sent the whole body, so it is given one at once: as many bytes as were announced, which
/// <see cref="Http1UpstreamStream"/> drops. The real body goes to the connection beside it, as an <see cref="Upload"/>, while the answer is read.</summary>
/// <param name="body">The forwarder's content. Its headers are not looked at; those of this content count.</param>
internal sealed class UploadContent(HttpContent body) : HttpContent
{
    /// <summary>A longer body is sent through the client: dropping so many announced bytes takes time that a client gets for one header.</summary>
    public const long MaxLength = 8L << 30;

    // Large enough that the client hands it on without a copy.
    private static readonly byte[] Filler = new byte[1 << 20];

    private Http1UpstreamStream? _connection;

    /// <summary>The head of the request is on its way on that connection.</summary>
    public void Attach(Http1UpstreamStream connection) => _connection = connection;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The head, unless it had to go ahead to ask for permission (Expect). From then on the connection is known.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        long? length = Headers.ContentLength;
        if (_connection is not { } connection || length > MaxLength)
        {
            await body.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (connection.BeginUpload(length) is { } upload)
        {
            // Not waited for: that is the point. It never throws, and ends with the connection.
            _ = upload.RunAsync(body, context);
        }

        for (long left = length ?? 0; left > 0;)
        {
            int count = (int)Math.Min(left, Filler.Length);
            await stream.WriteAsync(Filler.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            left -= count;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
