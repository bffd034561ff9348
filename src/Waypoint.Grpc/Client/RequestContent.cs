using System.Net;

namespace Waypoint.Grpc.Client;

/// <summary>
/// The request body of a call that is written while the response is read: hands its stream to the caller and stays open
/// until the caller half-closes.
/// </summary>
internal sealed class RequestContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _halfClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestContent() => Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

    /// <summary>Completes when the request headers are out.</summary>
    public Task<Stream> Stream => _stream.Task;

    public void HalfClose() => _halfClosed.TrySetResult();

    /// <summary>No stream will come, or it is of no more use: releases whoever waits for it.</summary>
    public void Abandon()
    {
        _stream.TrySetCanceled();
        _halfClosed.TrySetCanceled();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            // Pushes HEADERS out: a server may wait for them before anything of the body exists.
            await stream.FlushAsync(cancellationToken);
            _stream.TrySetResult(stream);
            await _halfClosed.Task.WaitAsync(cancellationToken);
        }
        catch
        {
            // A server may have answered in full before this ran; a writer must not wait for a stream that never comes.
            _stream.TrySetCanceled(CancellationToken.None);
            throw;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
