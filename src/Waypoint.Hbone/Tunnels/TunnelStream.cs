using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Waypoint.Hbone.Tunnels;

/// <summary>A tunnel as a stream, for SocketsHttpHandler. Disposing ends the tunnel: with END_STREAM when every write went through, nothing is left unread and no answer is awaited,
/// with CANCEL otherwise. A read that is under way then fails: disposing is how the HTTP client cancels a request.</summary>
public sealed class TunnelStream : Stream
{
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private bool _failed;
    private bool _awaitsAnswer;
    private volatile bool _reading;
    private volatile bool _disposed;

    /// <summary>Wraps <paramref name="tunnel"/>; its pipes belong to the stream from now on.</summary>
    public TunnelStream(Tunnel tunnel)
    {
        ArgumentNullException.ThrowIfNull(tunnel);
        Tunnel = tunnel;
        _input = tunnel.Input;
        _output = tunnel.Output;
    }

    /// <summary>The tunnel.</summary>
    public Tunnel Tunnel { get; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ValueTask<ReadResult> pending = _input.ReadAsync(cancellationToken);
        return pending.IsCompletedSuccessfully ? new ValueTask<int>(Take(pending.Result, buffer)) : ReadSlowAsync(pending, buffer);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _awaitsAnswer = true;
        ValueTask<FlushResult> pending = _output.WriteAsync(buffer, cancellationToken);
        if (!pending.IsCompletedSuccessfully)
            return WriteSlowAsync(pending);
        Check(pending.Result);
        return default;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A tunnel is read asynchronously.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("A tunnel is written asynchronously.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            End();
        }
        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadSlowAsync(ValueTask<ReadResult> pending, Memory<byte> buffer)
    {
        _reading = true;
        try
        {
            return Take(await pending.ConfigureAwait(false), buffer);
        }
        finally
        {
            _reading = false;
        }
    }

    private async ValueTask WriteSlowAsync(ValueTask<FlushResult> pending)
    {
        try
        {
            Check(await pending.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Part of the bytes may be on their way: the byte stream has a hole.
            _failed = true;
            throw;
        }
    }

    private int Take(ReadResult result, Memory<byte> buffer)
    {
        // Only Dispose cancels a read; the pipe is completed by now.
        ObjectDisposedException.ThrowIf(result.IsCanceled, this);
        ReadOnlySequence<byte> bytes = result.Buffer;
        if (bytes.Length > buffer.Length)
            bytes = bytes.Slice(0, buffer.Length);
        bytes.CopyTo(buffer.Span);
        int length = (int)bytes.Length;
        if (length > 0)
            _awaitsAnswer = false;
        // Examined is what was taken: a read of fewer bytes than there are must not wait for more.
        _input.AdvanceTo(bytes.End);
        return length;
    }

    private void Check(FlushResult result)
    {
        if (!result.IsCompleted)
            return;
        _failed = true;
        throw new TunnelResetException(Tunnel.Reset ?? TunnelReset.StreamClosed, Tunnel.ResetByPeer, "The tunnel takes no more bytes.");
    }

    private void End()
    {
        bool reading = _reading;
        bool clean = !_failed && Tunnel.Reset is null && (reading ? !_awaitsAnswer : !HasUnread());
        if (!clean)
            Tunnel.Abort(TunnelReset.Cancel);
        _output.Complete();
        if (reading)
            _input.CancelPendingRead();
        _input.Complete();
    }

    private bool HasUnread()
    {
        try
        {
            if (!_input.TryRead(out ReadResult result))
                return false;
            bool unread = !result.Buffer.IsEmpty;
            _input.AdvanceTo(result.Buffer.Start);
            return unread;
        }
        catch (TunnelResetException)
        {
            return true;
        }
    }
}
