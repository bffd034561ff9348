using System.Buffers;
using System.Buffers.Binary;
using Waypoint.Hbone.Frames;

namespace Waypoint.Hbone.Connections;

/// <summary>Outgoing frames of one connection. Frames are appended under the connection's gate; one write at a time takes all that has gathered, and bytes that arrive meanwhile
/// ride on the next. Holds no memory while there is nothing to send.</summary>
internal sealed class OutputBuffer(Http2Connection connection, Stream stream, int maxUnsentBytes) : IThreadPoolWorkItem
{
    private const int MinBytes = 1024;

    // Control frames are small and answer the peer; one that does not read them is flooding us.
    private const int MaxControlFrames = 1000;

    // Guarded by the gate of the connection.
    private byte[] _buffer = [];
    private int _length;
    private int _lastLength = MinBytes;
    private int _controlFrames;
    private bool _writing;
    private bool _scheduled;
    private bool _closed;

    private Task _writeLoop = Task.CompletedTask;

    /// <summary>The write under way; never faulted.</summary>
    public Task WriteLoop => _writeLoop;

    /// <summary>Gate held: tunnels may add DATA.</summary>
    public bool HasRoom_Locked => _length < maxUnsentBytes;

    /// <summary>Gate held: more unread control frames than an honest peer can cause.</summary>
    public bool IsFlooded_Locked => _controlFrames > MaxControlFrames;

    /// <summary>Gate held: nothing waits and no write is under way.</summary>
    public bool IsIdle_Locked => _closed || (!_writing && _length == 0);

    /// <summary>Gate held: room for a whole frame, header included, that the caller fills.</summary>
    public Span<byte> Append_Locked(int bytes)
    {
        if (_closed)
            _length = 0;
        if (_buffer.Length - _length < bytes)
            Grow_Locked(bytes);
        Span<byte> span = _buffer.AsSpan(_length, bytes);
        _length += bytes;
        return span;
    }

    /// <summary>Gate held: gives back the end of what the last <see cref="Append_Locked"/> returned.</summary>
    public void Trim_Locked(int bytes) => _length -= bytes;

    /// <summary>Gate held: a DATA frame.</summary>
    public void Data_Locked(int streamId, ReadOnlySpan<byte> payload, bool endStream)
    {
        Span<byte> frame = Append_Locked(FrameHeader.Size + payload.Length);
        FrameHeader.Write(frame, payload.Length, FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, streamId);
        payload.CopyTo(frame[FrameHeader.Size..]);
    }

    /// <summary>Gate held: a frame whose payload is one 32-bit number: RST_STREAM or WINDOW_UPDATE.</summary>
    public void Number_Locked(FrameType type, int streamId, int value)
    {
        Span<byte> frame = Control_Locked(FrameHeader.Size + 4);
        FrameHeader.Write(frame, 4, type, FrameFlags.None, streamId);
        BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Size..], value);
    }

    /// <summary>Gate held: a PING or its answer.</summary>
    public void Ping_Locked(ulong payload, bool ack)
    {
        Span<byte> frame = Control_Locked(FrameHeader.Size + 8);
        FrameHeader.Write(frame, 8, FrameType.Ping, ack ? FrameFlags.Ack : FrameFlags.None, 0);
        BinaryPrimitives.WriteUInt64BigEndian(frame[FrameHeader.Size..], payload);
    }

    /// <summary>Gate held: a GOAWAY.</summary>
    public void GoAway_Locked(int lastStreamId, ErrorCode code)
    {
        Span<byte> frame = Control_Locked(FrameHeader.Size + 8);
        FrameHeader.Write(frame, 8, FrameType.GoAway, FrameFlags.None, 0);
        BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Size..], lastStreamId);
        BinaryPrimitives.WriteInt32BigEndian(frame[(FrameHeader.Size + 4)..], (int)code);
    }

    /// <summary>Gate held: the acknowledgement of SETTINGS.</summary>
    public void SettingsAck_Locked() => FrameHeader.Write(Control_Locked(FrameHeader.Size), 0, FrameType.Settings, FrameFlags.Ack, 0);

    /// <summary>Gate held: true when <see cref="ScheduleFlush"/> must follow the release of the gate. A write under way or an earlier flush takes the bytes along otherwise.</summary>
    public bool NeedsFlush_Locked()
    {
        if (_writing || _scheduled || _length == 0 || _closed)
            return false;
        _scheduled = true;
        return true;
    }

    /// <summary>Gate not held: flushes at the end of this thread's batch. Without one, a pool thread queues the flush behind the work that is already waiting, whose bytes then
    /// share the write; any other thread flushes at once.</summary>
    public void ScheduleFlush()
    {
        if (FlushBatch.TryAdd(this))
            return;
        if (Thread.CurrentThread.IsThreadPoolThread)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else
            Flush();
    }

    /// <summary>Gate not held: writes what has gathered, unless a write is under way.</summary>
    public void Flush()
    {
        if (TryTake(begin: true, out ArraySegment<byte> bytes))
            _writeLoop = WriteLoopAsync(bytes);
    }

    void IThreadPoolWorkItem.Execute() => Flush();

    /// <summary>Gate not held: from now on everything is dropped.</summary>
    public void Close()
    {
        lock (connection.Gate)
            Close_Locked();
    }

    /// <summary>Gate held: from now on everything is dropped.</summary>
    public void Close_Locked()
    {
        _closed = true;
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private async Task WriteLoopAsync(ArraySegment<byte> bytes)
    {
        do
        {
            try
            {
                await stream.WriteAsync(bytes.AsMemory()).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                connection.OnTransportFailed(exception);
                return;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(bytes.Array!);
            }
            connection.OnWritten();
        }
        while (TryTake(begin: false, out bytes));
    }

    private bool TryTake(bool begin, out ArraySegment<byte> bytes)
    {
        bytes = default;
        bool idle;
        lock (connection.Gate)
        {
            _scheduled = _scheduled && !begin;
            if (begin && _writing)
                return false;
            _writing = _length > 0 && !_closed;
            idle = !_writing;
            if (_writing)
            {
                bytes = new ArraySegment<byte>(_buffer, 0, _length);
                _lastLength = Math.Max(_length, MinBytes);
                _buffer = [];
                _length = 0;
                _controlFrames = 0;
            }
        }
        if (idle)
            connection.OnOutputIdle();
        return !idle;
    }

    private Span<byte> Control_Locked(int bytes)
    {
        _controlFrames++;
        return Append_Locked(bytes);
    }

    private void Grow_Locked(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + bytes, _length == 0 ? _lastLength : _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
