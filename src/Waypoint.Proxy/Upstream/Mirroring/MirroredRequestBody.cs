namespace Waypoint.Proxy.Upstream.Mirroring;

/// <summary>The main request's body: whoever reads it also feeds the copies, each byte once. It stands below the body kept for further tries, so that a retry does not
/// send a mirror the same bytes again.</summary>
/// <param name="source">The client's body.</param>
/// <param name="length">Its content-length; null if it has none.</param>
/// <param name="copies">The requests that get a copy.</param>
internal sealed class MirroredRequestBody(Stream source, long? length, IReadOnlyList<MirrorRequest> copies) : Stream
{
    private long _read;
    private bool _over;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        // A read without a buffer only waits for bytes; its zero is not the end.
        if (_over || buffer.IsEmpty)
        {
            return count;
        }

        _read += count;
        for (int i = 0; i < copies.Count; i++)
        {
            copies[i].BodyPiece(buffer.Span[..count]);
        }

        // The length says when the body is whole; the main upstream may have answered before anybody reads as far as the end.
        if (count == 0 || _read == length)
        {
            _over = true;
            for (int i = 0; i < copies.Count; i++)
            {
                copies[i].BodyIsWhole();
            }
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Request bodies are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The main request is over: copies of a body that was not read to its end are cut, never passed off as whole.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_over)
        {
            _over = true;
            for (int i = 0; i < copies.Count; i++)
            {
                copies[i].BodyIsCut();
            }
        }

        base.Dispose(disposing);
    }
}
