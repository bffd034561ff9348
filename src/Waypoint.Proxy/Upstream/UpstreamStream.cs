namespace Waypoint.Proxy.Upstream;

/// <summary>The bytes of a pooled upstream connection, between the HTTP client and the tunnel or socket. It stands there because the client tries some failed requests again
/// by itself, on the same endpoint and uncounted: whether to try again, and where, is the route's retry policy to say. <see cref="OnRead"/> makes such failures final.</summary>
internal abstract class UpstreamStream(Stream inner) : Stream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public sealed override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> read = inner.ReadAsync(buffer, cancellationToken);
        // A read without a buffer only waits for bytes.
        if (buffer.IsEmpty)
        {
            return read;
        }

        if (!read.IsCompletedSuccessfully)
        {
            return FinishReadAsync(read, buffer);
        }

        int count = read.Result;
        OnRead(buffer.Span[..count]);
        return new(count);
    }

    public sealed override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        OnWrite();
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Upstream connections are read asynchronously.");

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Upstream connections are written asynchronously.");

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Looks at what was read; empty: the peer has ended. May change bytes or throw.</summary>
    protected abstract void OnRead(Span<byte> bytes);

    /// <summary>Bytes are about to be written.</summary>
    protected virtual void OnWrite()
    {
    }

    protected sealed override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> FinishReadAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        int count = await read.ConfigureAwait(false);
        OnRead(buffer.Span[..count]);
        return count;
    }
}
