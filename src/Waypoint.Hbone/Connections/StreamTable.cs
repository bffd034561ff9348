using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Connections;

/// <summary>The streams of one connection, both directions' windows, and the writers that wait for them. Everything here runs with the connection's gate held.</summary>
internal sealed class StreamTable(OutputBuffer output, ConnectionOptions options)
{
    /// <summary>Window of HTTP/2 before anything is announced.</summary>
    public const int DefaultWindow = 65535;

    // What one tunnel may add before the next gets its turn, and the largest frame that we send.
    private const int Quantum = 64 << 10;

    private readonly Dictionary<int, EngineTunnel> _tunnels = [];
    private readonly Queue<EngineTunnel> _queue = new();
    private PeerSettings _peer = new();
    private long _sendWindow = DefaultWindow;
    private int _receiveCredit = Math.Max(options.ConnectionWindowBytes, DefaultWindow);
    private int _lingering;

    /// <summary>Coarse seconds since the connection began.</summary>
    public long Tick { get; set; }

    public int Count => _tunnels.Count;

    /// <summary>Streams that the peer lets us open.</summary>
    public long PeerMaxStreams => _peer.MaxConcurrentStreams;

    /// <summary>Largest header list that the peer takes.</summary>
    public long PeerMaxHeaderListBytes => _peer.MaxHeaderListBytes;

    /// <summary>Creates the state of a stream that begins now.</summary>
    public EngineTunnel Add_Locked(Http2Connection connection, int streamId)
    {
        var tunnel = new EngineTunnel(connection, streamId, _peer.InitialWindow, options.StreamWindowBytes) { BornTick = Tick };
        _tunnels.Add(streamId, tunnel);
        return tunnel;
    }

    public EngineTunnel? Find_Locked(int streamId) => _tunnels.GetValueOrDefault(streamId);

    public EngineTunnel[] All_Locked() => [.. _tunnels.Values];

    public bool TakeConnectionCredit_Locked(int bytes) => (_receiveCredit -= bytes) >= 0;

    public void ReturnConnectionCredit_Locked(int bytes)
    {
        _receiveCredit += bytes;
        output.Number_Locked(FrameType.WindowUpdate, 0, bytes);
    }

    public void ReturnStreamCredit_Locked(EngineTunnel tunnel, int bytes)
    {
        if (tunnel.IsClosed_Locked || tunnel.RemoteEnded_Locked)
            return;
        tunnel.ReceiveCredit_Locked += bytes;
        output.Number_Locked(FrameType.WindowUpdate, tunnel.StreamId, bytes);
    }

    /// <summary>Appends what windows and buffer take. Tunnels that already wait for the connection go first.</summary>
    public int Send_Locked(EngineTunnel tunnel, ReadOnlySpan<byte> bytes)
    {
        if (!tunnel.CanSend_Locked || bytes.IsEmpty)
            return 0;
        int sent = _queue.Count > 0 ? 0 : Frame_Locked(tunnel, bytes, int.MaxValue, last: false);
        if (sent < bytes.Length)
            Enqueue_Locked(tunnel);
        return sent;
    }

    /// <summary>Sends waiting bytes of one tunnel, and END_STREAM behind the last if its writer is done.</summary>
    public void Continue_Locked(EngineTunnel tunnel, ref WakeList wake)
    {
        if (!tunnel.CanSend_Locked)
            return;
        ReadOnlySpan<byte> blocked = tunnel.Sender.Blocked_Locked.Span;
        bool last = tunnel.Sender.IsWriterDone_Locked;
        if (blocked.IsEmpty)
        {
            if (last)
                End_Locked(tunnel, ref wake);
            return;
        }
        int sent = Frame_Locked(tunnel, blocked, Quantum, last);
        if (sent > 0 && tunnel.Sender.Progress_Locked(sent))
            wake.Add_Locked(tunnel);
        if (sent < blocked.Length)
        {
            Enqueue_Locked(tunnel);
            return;
        }
        if (!last)
            return;
        tunnel.Sender.ReturnBuffer();
        OnLocalEnd_Locked(tunnel, ref wake);
    }

    /// <summary>Lets waiting tunnels send in turn until the buffer or the window is full.</summary>
    public void Resume_Locked(ref WakeList wake)
    {
        while (_queue.Count > 0 && output.HasRoom_Locked && _sendWindow > 0)
        {
            EngineTunnel tunnel = _queue.Dequeue();
            tunnel.IsQueued_Locked = false;
            Continue_Locked(tunnel, ref wake);
        }
    }

    public bool TryAddConnectionWindow_Locked(int increment, ref WakeList wake)
    {
        _sendWindow += increment;
        if (_sendWindow > FrameHeader.MaxWindow)
            return false;
        Resume_Locked(ref wake);
        return true;
    }

    public bool TryAddStreamWindow_Locked(EngineTunnel tunnel, int increment, ref WakeList wake)
    {
        if (tunnel.SendWindow_Locked + increment > FrameHeader.MaxWindow)
            return false;
        tunnel.SendWindow_Locked += increment;
        WaitingSendsAgain_Locked(tunnel, ref wake);
        return true;
    }

    /// <summary>Takes over the peer's SETTINGS; a new initial window moves the windows of all open streams, also below zero.</summary>
    public ErrorCode ApplySettings_Locked(ReadOnlySpan<byte> payload, ref WakeList wake)
    {
        int before = _peer.InitialWindow;
        ErrorCode error = _peer.Apply(payload);
        long change = (long)_peer.InitialWindow - before;
        if (error != ErrorCode.NoError || change == 0)
            return error;
        foreach (EngineTunnel tunnel in _tunnels.Values)
        {
            tunnel.SendWindow_Locked += change;
            if (tunnel.SendWindow_Locked > FrameHeader.MaxWindow)
                return ErrorCode.FlowControlError;
        }
        if (change > 0)
        {
            foreach (EngineTunnel tunnel in _tunnels.Values)
                WaitingSendsAgain_Locked(tunnel, ref wake);
        }
        return ErrorCode.NoError;
    }

    /// <summary>Closes the tunnel if both directions have ended.</summary>
    public bool TryFinish_Locked(EngineTunnel tunnel)
    {
        if (!tunnel.LocalEnded_Locked || !tunnel.RemoteEnded_Locked || !tunnel.TryClose_Locked(null, byPeer: false))
            return false;
        tunnel.IsEndUntold = true;
        Remove_Locked(tunnel);
        return true;
    }

    /// <summary>Closes the tunnel because of a reset; false if it was closed before.</summary>
    public bool TryReset_Locked(EngineTunnel tunnel, ErrorCode code, bool byPeer)
    {
        if (!tunnel.TryClose_Locked(code, byPeer))
            return false;
        Remove_Locked(tunnel);
        return true;
    }

    /// <summary>Starts the peer's time to end the tunnel, once the application is done with both directions.</summary>
    public void TryLinger_Locked(EngineTunnel tunnel)
    {
        if (tunnel.IsClosed_Locked || !tunnel.LocalEnded_Locked || tunnel.RemoteEnded_Locked || !tunnel.IsInputDone_Locked || tunnel.LingerSinceTick_Locked >= 0)
            return;
        tunnel.LingerSinceTick_Locked = Tick;
        _lingering++;
    }

    /// <summary>A tunnel that has lingered since <paramref name="sinceTick"/> or longer, or null.</summary>
    public EngineTunnel? FindLingering_Locked(long sinceTick)
    {
        if (_lingering == 0)
            return null;
        foreach (EngineTunnel tunnel in _tunnels.Values)
        {
            if (tunnel.LingerSinceTick_Locked >= 0 && tunnel.LingerSinceTick_Locked <= sinceTick)
                return tunnel;
        }
        return null;
    }

    /// <summary>Closes all tunnels because the connection is over; returns those whose observers must be told.</summary>
    public EngineTunnel[] CloseAll_Locked()
    {
        EngineTunnel[] tunnels = All_Locked();
        foreach (EngineTunnel tunnel in tunnels)
            tunnel.TryClose_Locked(ErrorCode.Cancel, byPeer: true);
        _tunnels.Clear();
        _queue.Clear();
        _lingering = 0;
        return tunnels;
    }

    private void WaitingSendsAgain_Locked(EngineTunnel tunnel, ref WakeList wake)
    {
        if (!tunnel.IsQueued_Locked && !tunnel.Sender.Blocked_Locked.IsEmpty)
            Continue_Locked(tunnel, ref wake);
    }

    // A tunnel without stream window waits for its own WINDOW_UPDATE; every other for the connection.
    private void Enqueue_Locked(EngineTunnel tunnel)
    {
        if (tunnel.IsQueued_Locked || tunnel.SendWindow_Locked <= 0)
            return;
        tunnel.IsQueued_Locked = true;
        _queue.Enqueue(tunnel);
    }

    private int Frame_Locked(EngineTunnel tunnel, ReadOnlySpan<byte> bytes, int limit, bool last)
    {
        int sent = 0;
        while (sent < bytes.Length && sent < limit && output.HasRoom_Locked)
        {
            long room = Math.Min(Math.Min(tunnel.SendWindow_Locked, _sendWindow), Math.Min(Math.Min(_peer.MaxFrameBytes, Quantum), bytes.Length - sent));
            if (room <= 0)
                break;
            int length = (int)room;
            bool endStream = last && sent + length == bytes.Length;
            output.Data_Locked(tunnel.StreamId, bytes.Slice(sent, length), endStream);
            tunnel.LocalEnded_Locked |= endStream;
            tunnel.SendWindow_Locked -= length;
            _sendWindow -= length;
            sent += length;
        }
        return sent;
    }

    private void End_Locked(EngineTunnel tunnel, ref WakeList wake)
    {
        output.Data_Locked(tunnel.StreamId, [], endStream: true);
        tunnel.LocalEnded_Locked = true;
        OnLocalEnd_Locked(tunnel, ref wake);
    }

    private void OnLocalEnd_Locked(EngineTunnel tunnel, ref WakeList wake)
    {
        if (TryFinish_Locked(tunnel))
            wake.Add_Locked(tunnel);
        else
            TryLinger_Locked(tunnel);
    }

    private void Remove_Locked(EngineTunnel tunnel)
    {
        _tunnels.Remove(tunnel.StreamId);
        if (tunnel.LingerSinceTick_Locked >= 0)
            _lingering--;
    }
}
