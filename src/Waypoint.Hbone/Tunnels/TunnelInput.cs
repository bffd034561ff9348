using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Waypoint.Hbone.Tunnels;

/// <summary>The reading end of a tunnel. Bytes come from the connection's read loop, bounded by the stream's window, and a waiting reader continues on that loop.
/// Mutable, guarded by its own lock; holds no memory while empty.</summary>
internal sealed class TunnelInput(EngineTunnel tunnel) : PipeReader, IValueTaskSource<ReadResult>
{
    private const int MinSegmentBytes = 4096;

    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<ReadResult> _waiter;
    private CancellationTokenRegistration _cancellation;
    private InputSegment? _head;
    private InputSegment? _tail;
    private InputSegment? _spare;
    private int _headIndex;
    private long _unread;
    private bool _waiting;
    private bool _allExamined;
    private bool _ended;
    private bool _cancelled;
    private bool _readerDone;
    private TunnelResetException? _error;

    /// <summary>True once the reader has completed this end.</summary>
    public bool IsReaderDone => Volatile.Read(ref _readerDone);

    /// <summary>Adds bytes from the peer; false when nobody will read them, and the credit is the caller's to return.</summary>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        ReadResult result;
        lock (_gate)
        {
            if (_readerDone || _error is not null)
                return false;
            int fits = _tail is null ? 0 : Math.Min(_tail.Room, bytes.Length);
            if (fits > 0)
                _tail!.Append(bytes[..fits]);
            if (fits < bytes.Length)
                AddSegment_Locked(bytes[fits..]);
            _unread += bytes.Length;
            _allExamined = false;
            if (!_waiting)
                return true;
            result = TakeResult_Locked();
        }
        Wake(result);
        return true;
    }

    /// <summary>The peer has ended its direction.</summary>
    public void End()
    {
        ReadResult result;
        lock (_gate)
        {
            _ended = true;
            if (!_waiting)
                return;
            result = TakeResult_Locked();
        }
        Wake(result);
    }

    /// <summary>The tunnel is broken: unread bytes are dropped and every read throws. What the peer had sent completely stays readable.</summary>
    public void Fail(TunnelResetException error)
    {
        bool wake;
        lock (_gate)
        {
            if (_error is not null || _ended)
                return;
            _error = error;
            wake = _waiting;
            _waiting = false;
        }
        if (!wake)
            return;
        _cancellation.Dispose();
        _waiter.SetException(error);
    }

    public override bool TryRead(out ReadResult result)
    {
        lock (_gate)
        {
            if (!IsReadable_Locked())
            {
                result = default;
                return false;
            }
            result = TakeResult_Locked();
            return true;
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (IsReadable_Locked())
                return new ValueTask<ReadResult>(TakeResult_Locked());
            if (cancellationToken.IsCancellationRequested)
                return ValueTask.FromCanceled<ReadResult>(cancellationToken);
            if (_waiting)
                throw new InvalidOperationException("A read of this tunnel is pending.");
            _waiter.Reset();
            _waiting = true;
        }
        if (cancellationToken.CanBeCanceled)
            RegisterCancellation(cancellationToken);
        return new ValueTask<ReadResult>(this, _waiter.Version);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        long bytes;
        lock (_gate)
        {
            bytes = Advance_Locked((InputSegment?)consumed.GetObject(), consumed.GetInteger(), (InputSegment?)examined.GetObject(), examined.GetInteger());
        }
        if (bytes > 0)
            tunnel.OnConsumed((int)bytes);
    }

    public override void CancelPendingRead()
    {
        ReadResult result;
        lock (_gate)
        {
            _cancelled = true;
            if (!_waiting)
                return;
            result = TakeResult_Locked();
        }
        Wake(result);
    }

    public override void Complete(Exception? exception = null)
    {
        long unread;
        bool sawEnd;
        lock (_gate)
        {
            if (_readerDone)
                return;
            _readerDone = true;
            unread = _unread;
            sawEnd = _ended;
            while (_head is not null)
                FreeHead_Locked();
            _unread = 0;
        }
        if (unread > 0)
            tunnel.OnConsumed((int)unread);
        tunnel.OnInputCompleted(exception, sawEnd);
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _waiter.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _waiter.OnCompleted(continuation, state, token, flags);

    private void RegisterCancellation(CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TunnelInput)state!).CancelRead(token), this);
        lock (_gate)
        {
            // Bytes may have come in between; then the registration has nothing to cancel.
            if (_waiting)
            {
                _cancellation = registration;
                registration = default;
            }
        }
        registration.Dispose();
    }

    private void CancelRead(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_waiting)
                return;
            _waiting = false;
        }
        _waiter.SetException(new OperationCanceledException(cancellationToken));
    }

    private void Wake(ReadResult result)
    {
        _cancellation.Dispose();
        _cancellation = default;
        _waiter.SetResult(result);
    }

    private bool IsReadable_Locked()
    {
        if (_readerDone)
            throw new InvalidOperationException("The reader of this tunnel is completed.");
        if (_cancelled)
            return true;
        if (_error is not null)
            throw new TunnelResetException(_error.Reset, _error.ByPeer, _error.Message);
        return _ended || (_unread > 0 && !_allExamined);
    }

    private ReadResult TakeResult_Locked()
    {
        _waiting = false;
        bool cancelled = _cancelled;
        _cancelled = false;
        ReadOnlySequence<byte> buffer = _head is null ? default : new ReadOnlySequence<byte>(_head, _headIndex, _tail!, _tail!.End);
        return new ReadResult(buffer, cancelled, _ended);
    }

    private long Advance_Locked(InputSegment? consumed, int consumedIndex, InputSegment? examined, int examinedIndex)
    {
        // A result without bytes has positions without a segment.
        if (_readerDone || _head is null || consumed is null)
        {
            _allExamined = _unread == 0;
            return 0;
        }
        _allExamined = examined == _tail && examinedIndex == _tail!.End;
        long bytes = 0;
        while (_head != consumed)
        {
            bytes += _head!.End - _headIndex;
            FreeHead_Locked();
        }
        bytes += consumedIndex - _headIndex;
        _headIndex = consumedIndex;
        if (_headIndex == _head.End)
            FreeHead_Locked();
        _unread -= bytes;
        return bytes;
    }

    private void AddSegment_Locked(ReadOnlySpan<byte> bytes)
    {
        InputSegment segment = _spare ?? new InputSegment();
        _spare = null;
        segment.Rent(Math.Max(bytes.Length, MinSegmentBytes), _tail is null ? 0 : _tail.RunningIndex + _tail.End);
        segment.Append(bytes);
        if (_tail is null)
            _head = segment;
        else
            _tail.Following = segment;
        _tail = segment;
    }

    private void FreeHead_Locked()
    {
        InputSegment head = _head!;
        _head = head.Following;
        _headIndex = 0;
        if (_head is null)
            _tail = null;
        head.Free();
        _spare = head;
    }
}
