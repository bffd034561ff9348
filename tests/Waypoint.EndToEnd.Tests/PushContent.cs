using System.Net;
using System.Net.Http.Headers;

namespace Waypoint.EndToEnd.Tests;

/// <summary>A request body that the test writes while the response comes.</summary>
internal sealed class PushContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PushContent(string type) => Headers.ContentType = new MediaTypeHeaderValue(type);

    /// <summary>Where the body is written.</summary>
    internal Task<Stream> Stream => _stream.Task;

    /// <summary>The body is complete.</summary>
    internal void End() => _end.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _stream.TrySetResult(stream);
        return _end.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
