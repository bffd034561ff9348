using System.Net;

namespace Waypoint.Proxy.Upstream;

/// <summary>Carries entity headers of a request that has no body.</summary>
internal sealed class NoBodyContent : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return true;
    }
}
