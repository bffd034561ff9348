using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Waypoint.Hbone.Connections;

namespace Waypoint.Hbone.Tunnels;

/// <summary>The writing end of a tunnel. A flush cuts the bytes into DATA frames in the connection's output buffer; what the windows or that buffer do not take waits here.
/// Mutable: the unflushed buffer belongs to the one writer, the state of a waiting flush to the connection's gate.</summary>
internal sealed class TunnelOutput(EngineTunnel tunnel, Http2Connection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int MinBufferBytes = 4096;

    private ManualResetValueTaskSourceCore<FlushResult> _waiter;
    private CancellationTokenRegistration _cancellation;
    private byte[]? _buffer;
    private int _start;
    private int _end;

    // Guarded by the gate of the connection.
    private ReadOnlyMemory<byte> _blocked;
    private bool _waiting;
    private bool _cancelled;
    private bool _writerDone;

    /// <summary>Gate held: bytes that wait for room.</summary>
    public ReadOnlyMemory<byte> Blocked_Locked => _blocked;

    /// <summary>Gate held: true once the writer has completed this end.</summary>
    public bool IsWriterDone_Locked => _writerDone;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _end - _start;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_end);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_buffer?.Length ?? 0) - _end);
        _end += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        Send(_buffer.AsMemory(_start, _end - _start), cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        // Without older bytes in front the source goes straight to the connection's buffer.
        if (_end == _start)
            return Send(source, cancellationToken);
        source.Span.CopyTo(GetSpan(source.Length));
        Advance(source.Length);
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush()
    {
        lock (connection.Gate)
        {
            _cancelled = true;
            if (!_waiting)
                return;
            KeepBlocked_Locked();
        }
        CompleteWaiter();
    }

    public override void Complete(Exception? exception = null)
    {
        lock (connection.Gate)
        {
            if (_writerDone)
                return;
            _writerDone = true;
            if (exception is null && !_waiting)
                _blocked = _buffer.AsMemory(_start, _end - _start);
        }
        connection.OnOutputCompleted(tunnel, exception);
    }

    /// <summary>Gate held: some of the blocked bytes were framed. True when none are left and <see cref="CompleteWaiter"/> is due.</summary>
    public bool Progress_Locked(int bytes)
    {
        _blocked = _blocked[bytes..];
        return _blocked.IsEmpty && _waiting;
    }

    /// <summary>Gate held: the tunnel is over; what waits is dropped. True when <see cref="CompleteWaiter"/> is due.</summary>
    public bool Drop_Locked()
    {
        _blocked = default;
        return _waiting;
    }

    /// <summary>Gate not held: ends the pending flush.</summary>
    public void CompleteWaiter()
    {
        FlushResult result;
        lock (connection.Gate)
        {
            if (!_waiting)
                return;
            _waiting = false;
            result = TakeResult_Locked();
        }
        _cancellation.Dispose();
        _cancellation = default;
        _waiter.SetResult(result);
    }

    /// <summary>Gate not held: ends the pending flush if all its bytes are framed.</summary>
    public void CompleteWaiterIfSent()
    {
        bool done;
        lock (connection.Gate)
            done = _waiting && _blocked.IsEmpty;
        if (done)
            CompleteWaiter();
    }

    /// <summary>Gives the buffer back once nothing refers to it.</summary>
    public void ReturnBuffer()
    {
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _start = _end = 0;
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        FlushResult result = _waiter.GetResult(token);
        if (!result.IsCanceled)
            ReturnBuffer();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    private void Reserve(int sizeHint)
    {
        int needed = Math.Max(sizeHint, 1);
        if (_buffer is not null && _buffer.Length - _end >= needed)
            return;
        int used = _end - _start;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(used + needed, _buffer is null ? MinBufferBytes : _buffer.Length * 2));
        if (_buffer is not null)
        {
            _buffer.AsSpan(_start, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        _buffer = larger;
        _start = 0;
        _end = used;
    }

    private ValueTask<FlushResult> Send(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        bool flush;
        bool done;
        FlushResult result = default;
        lock (connection.Gate)
        {
            if (_waiting)
                throw new InvalidOperationException("A flush of this tunnel is pending.");
            if (_writerDone)
                throw new InvalidOperationException("The writer of this tunnel is completed.");
            int sent = connection.Send_Locked(tunnel, bytes.Span, out flush);
            done = sent == bytes.Length || !tunnel.CanSend_Locked;
            if (done)
            {
                result = TakeResult_Locked();
            }
            else
            {
                _blocked = bytes[sent..];
                _waiter.Reset();
                _waiting = true;
            }
        }
        if (flush)
            connection.Output.ScheduleFlush();
        if (done)
        {
            ReturnBuffer();
            return new ValueTask<FlushResult>(result);
        }
        if (cancellationToken.CanBeCanceled)
            RegisterCancellation(cancellationToken);
        return new ValueTask<FlushResult>(this, _waiter.Version);
    }

    private FlushResult TakeResult_Locked()
    {
        bool cancelled = _cancelled;
        _cancelled = false;
        return new FlushResult(cancelled, !tunnel.CanSend_Locked);
    }

    // A cancelled flush leaves its bytes for the next one; they may be the caller's, so they are copied.
    private void KeepBlocked_Locked()
    {
        byte[] kept = ArrayPool<byte>.Shared.Rent(Math.Max(_blocked.Length, 1));
        _blocked.Span.CopyTo(kept);
        int length = _blocked.Length;
        _blocked = default;
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = kept;
        _start = 0;
        _end = length;
    }

    private void RegisterCancellation(CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TunnelOutput)state!).CancelFlush(token), this);
        lock (connection.Gate)
        {
            // The flush may have ended in between; then there is nothing to cancel.
            if (_waiting)
            {
                _cancellation = registration;
                registration = default;
            }
        }
        registration.Dispose();
    }

    private void CancelFlush(CancellationToken cancellationToken)
    {
        lock (connection.Gate)
        {
            if (!_waiting)
                return;
            _waiting = false;
            KeepBlocked_Locked();
        }
        _waiter.SetException(new OperationCanceledException(cancellationToken));
    }
}
