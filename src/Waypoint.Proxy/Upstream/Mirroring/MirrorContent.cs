using System.Net;

namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>The HTTP client's view of a <see cref="MirrorBody"/>. Its length is the main request's content-length header, if that has one.</summary>
internal sealed class MirrorContent(MirrorBody body) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => body.CopyToAsync(stream, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        body.CopyToAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
