using System.Runtime.CompilerServices;

namespace Waypoint.Proxy.Upstream;

/// <summary>The bytes of a pooled upstream connection, between the HTTP client and the tunnel or socket. It stands there because the client tries some failed requests again
/// by itself, on the same endpoint and uncounted: whether to try again, and where, is the route's retry policy to say. <see cref="OnRead"/> makes such failures final.</summary>
internal abstract class UpstreamStream(Stream inner) : Stream
{
    /// <summary>The bytes below.</summary>
    protected Stream Inner => inner;

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
        // A read without a buffer only waits for bytes.
        if (buffer.IsEmpty)
        {
            return HasServable ? default : inner.ReadAsync(buffer, cancellationToken);
        }

        if (TryServe(buffer.Span, out int served))
        {
            return new(served);
        }

        ValueTask<int> read = inner.ReadAsync(buffer, cancellationToken);
        if (!read.IsCompletedSuccessfully)
        {
            return FinishReadAsync(read, buffer, cancellationToken);
        }

        int count = read.Result;
        int kept = OnRead(buffer.Span[..count]);
        return kept > 0 || count == 0 ? new(kept) : ReadAsync(buffer, cancellationToken);
    }

    public sealed override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadOnlyMemory<byte> bytes = OnWrite(buffer);
        return bytes.IsEmpty ? default : inner.WriteAsync(bytes, cancellationToken);
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
    /// <returns>How many bytes from the start go on; the others are held back or dropped.</returns>
    protected abstract int OnRead(Span<byte> bytes);

    /// <summary>Bytes are about to be written; what is returned is written instead, before the next call.</summary>
    protected virtual ReadOnlyMemory<byte> OnWrite(ReadOnlyMemory<byte> bytes) => bytes;

    /// <summary>The connection is given up.</summary>
    protected virtual void OnDispose()
    {
    }

    /// <summary>True if the next read needs nothing from the peer.</summary>
    protected virtual bool HasServable => false;

    /// <summary>Fills the buffer with bytes that were held back; false if there are none. May throw.</summary>
    protected virtual bool TryServe(Span<byte> buffer, out int count)
    {
        count = 0;
        return false;
    }

    protected sealed override void Dispose(bool disposing)
    {
        if (disposing)
        {
            OnDispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishReadAsync(ValueTask<int> read, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            int count = await read.ConfigureAwait(false);
            int kept = OnRead(buffer.Span[..count]);
            if (kept > 0 || count == 0 || TryServe(buffer.Span, out kept))
            {
                return kept;
            }

            read = inner.ReadAsync(buffer, cancellationToken);
        }
    }
}
