using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Runtime.CompilerServices;

namespace Waypoint.Proxy.Upstream;

/// <summary>The body of a request on its way to an HTTP/1.1 upstream, written to the connection beside the HTTP client, so that the answer may come, and even end, before the body does. The stream is
/// what the forwarder copies the client's bytes to; it frames them. One writer; <see cref="Stop"/> may come from any thread.</summary>
/// <param name="connection">The bytes of the connection.</param>
/// <param name="length">The announced length; null: chunks.</param>
internal sealed class Upload(Stream connection, long? length) : Stream
{
    // Size in hexadecimal digits and line end in front, line end behind.
    private const int MaxChunkOverhead = 8 + 2 + 2;

    private static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();

    private readonly CancellationTokenSource _stop = new();
    private long _left = length ?? 0;
    private volatile bool _isComplete;
    private bool _writeFailed;

    /// <summary>True when the connection has taken the whole body: another request may follow.</summary>
    public bool IsComplete => _isComplete;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Copies <paramref name="body"/> until its end, <see cref="Stop"/> or an error. Never throws: if the client fails, the connection is cut, because the upstream must not take
    /// what it has for the whole; if the upstream takes no more, its answer says the rest.</summary>
    public async Task RunAsync(HttpContent body, TransportContext? context)
    {
        try
        {
            await body.CopyToAsync(this, context, _stop.Token).ConfigureAwait(false);
            // The forwarder keeps a failed write to itself.
            if (length is null && !_writeFailed)
            {
                await SendAsync(LastChunk, _stop.Token).ConfigureAwait(false);
                _isComplete = true;
            }
        }
#pragma warning disable CA1031 // whoever waits for the answer sees the connection's end; nobody waits for this task
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        if (!_isComplete && !_stop.IsCancellationRequested && !_writeFailed)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The answer is complete, or nobody waits for it: the client's bytes are read no more.</summary>
    public void Stop() => _stop.Cancel();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        if (length is not null && buffer.Length > _left)
        {
            throw new IOException("More bytes than the request announced.");
        }

        if (length is null)
        {
            await SendChunkAsync(buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        await SendAsync(buffer, cancellationToken).ConfigureAwait(false);
        _left -= buffer.Length;
        _isComplete = _left == 0;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Upstream connections are written asynchronously.");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await connection.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _writeFailed = true;
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendChunkAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(buffer.Length + MaxChunkOverhead);
        try
        {
            Utf8Formatter.TryFormat(buffer.Length, chunk, out int at, new StandardFormat('x'));
            "\r\n"u8.CopyTo(chunk.AsSpan(at));
            buffer.Span.CopyTo(chunk.AsSpan(at + 2));
            at += 2 + buffer.Length;
            "\r\n"u8.CopyTo(chunk.AsSpan(at));
            await SendAsync(chunk.AsMemory(0, at + 2), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
