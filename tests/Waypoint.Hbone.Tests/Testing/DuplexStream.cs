using System.Buffers;
using System.IO.Pipelines;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>One end of an in-memory connection. Like a socket: closing it ends the peer's reading; a full buffer holds the writer back.</summary>
internal sealed class DuplexStream(PipeReader input, PipeWriter output) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static (DuplexStream A, DuplexStream B) CreatePair(int bufferBytes = 1 << 20)
    {
        var options = new PipeOptions(pauseWriterThreshold: bufferBytes, resumeWriterThreshold: bufferBytes / 2, useSynchronizationContext: false);
        var one = new Pipe(options);
        var two = new Pipe(options);
        return (new DuplexStream(one.Reader, two.Writer), new DuplexStream(two.Reader, one.Writer));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadResult result = await input.ReadAsync(cancellationToken);
        if (result.IsCanceled)
            throw new IOException("The stream was closed.");
        ReadOnlySequence<byte> slice = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
        slice.CopyTo(buffer.Span);
        int length = (int)slice.Length;
        input.AdvanceTo(slice.End);
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        FlushResult result = await output.WriteAsync(buffer, cancellationToken);
        if (result.IsCompleted || result.IsCanceled)
            throw new IOException("The stream was closed.");
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        input.CancelPendingRead();
        output.CancelPendingFlush();
        output.Complete();
        base.Dispose(disposing);
    }
}
