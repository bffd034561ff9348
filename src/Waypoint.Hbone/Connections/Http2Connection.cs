using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Hpack;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Connections;

/// <summary>One HBONE connection: HTTP/2 that knows CONNECT only, over any byte stream. The read loop handles frames and runs waiting readers inline; sending goes through the
/// <see cref="OutputBuffer"/>. Mutable state is guarded by <see cref="Gate"/>, except for what only the read loop touches.</summary>
internal abstract class Http2Connection
{
    /// <summary>Payload of the PING whose answer shows that the first GOAWAY has been read.</summary>
    public const ulong DrainPing = 0x7761_7970_6f69_6e74;
    private const ulong KeepAlivePing = 0x6b65_6570_2061_6c69;

    private static long s_lastId;

    private readonly Transport _transport;
    private readonly Stream _stream;
    private readonly FrameReader _reader;
    private readonly KeepAlive _keepAlive;

    private readonly FrameDispatcher _frames;

    // Only the read loop.
    private ReadBuffer _buffer;

    // The read loop sets it, the tick clears it.
    private bool _received;

    // Consumed bytes not yet returned to the peer as credit of the connection.
    private int _consumed;
    private int _ticksWaiting;
    private int _ticksInWindow;

    // Guarded by the gate.
    private bool _closing;
    private bool _closeWhenSent;
    private string? _closeReason;

    protected Http2Connection(Transport transport, bool isServer, ConnectionPeer peer, ConnectionOptions options)
    {
        _transport = transport;
        _stream = transport.Stream;
        Peer = peer;
        Options = options;
        Id = Interlocked.Increment(ref s_lastId);
        Output = new OutputBuffer(this, _stream, options.MaxUnsentBytes);
        Streams = new StreamTable(Output, options);
        Flood = new FloodGuard(options.MaxResets);
        _frames = new FrameDispatcher(this, Streams);
        _keepAlive = new KeepAlive(options.KeepAliveInterval, options.KeepAliveTimeout);
        _reader = new FrameReader(_frames, isServer, options.MaxFrameBytes, options.MaxHeaderListBytes);
        StreamCreditThreshold = options.StreamWindowBytes / 2;
    }

    /// <summary>Guards the streams, the windows and the output.</summary>
    public Lock Gate { get; } = new();

    public long Id { get; }

    public ConnectionPeer Peer { get; }

    /// <summary>The number of the worker (<see cref="SocketWorkers"/>) that runs the read loop.</summary>
    public int Worker => _transport.Worker;

    public ConnectionOptions Options { get; }

    public OutputBuffer Output { get; }

    /// <summary>Consumed bytes of a stream that are worth a WINDOW_UPDATE.</summary>
    public int StreamCreditThreshold { get; }

    /// <summary>Open tunnels.</summary>
    public int TunnelCount
    {
        get
        {
            lock (Gate)
                return Streams.Count;
        }
    }

    /// <summary>Gate held: no stream may be added any more.</summary>
    public bool IsClosing_Locked => _closing || _closeWhenSent;

    /// <summary>Streams and windows; guarded by the gate.</summary>
    protected StreamTable Streams { get; }

    protected internal FloodGuard Flood { get; }

    /// <summary>True until the peer's SETTINGS.</summary>
    protected bool IsPeerSilent => _reader.IsSettingsExpected;

    /// <summary>Puts the preface and SETTINGS into the output, before anything else can be.</summary>
    public void Start()
    {
        lock (Gate)
        {
            AppendSettings_Locked();
            int growth = Options.ConnectionWindowBytes - StreamTable.DefaultWindow;
            if (growth > 0)
                Output.Number_Locked(FrameType.WindowUpdate, 0, growth);
        }
    }

    /// <summary>Reads until the connection ends; <see cref="Start"/> comes first. Never faulted; returns when the transport is closed and every tunnel has been told.</summary>
    public async Task RunAsync()
    {
        Output.Flush();
        Fault fault = Fault.None;
        string reason = "the peer closed the connection";
        Exception? error = null;
        try
        {
            fault = await ReadLoopAsync().ConfigureAwait(false);
            reason = fault.Reason ?? reason;
        }
#pragma warning disable CA1031 // A bug that one connection meets must not end the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            error = exception;
            reason = exception.Message;
            if (exception is not (IOException or ObjectDisposedException or OperationCanceledException))
                fault = new Fault(ErrorCode.InternalError, exception.ToString());
        }
        finally
        {
            _buffer.Release();
        }
        OnEnding(fault, error);
        EngineTunnel[] left;
        lock (Gate)
        {
            reason = _closeReason ?? reason;
            left = EndStreams_Locked(fault);
        }
        Output.Flush();
        foreach (EngineTunnel tunnel in left)
            FinishTunnel(tunnel, reason);
        OnEnded(fault, error, reason);
        await _transport.CloseAsync(Output, drain: fault.IsError).ConfigureAwait(false);
    }

    /// <summary>Ends the connection at once: GOAWAY with <paramref name="code"/>, every tunnel reset. Any thread; the rest happens on the read loop.</summary>
    public void Abort(ErrorCode code, string reason)
    {
        lock (Gate)
        {
            if (_closing)
                return;
            _closing = true;
            _closeReason = reason;
            Output.GoAway_Locked(LastPeerStreamId_Locked, code);
        }
        Output.Flush();
        EndReading();
    }

    /// <summary>Resets every tunnel with CANCEL, then ends the connection.</summary>
    public void AbortWithResets(string reason)
    {
        EngineTunnel[] tunnels;
        lock (Gate)
            tunnels = Streams.All_Locked();
        foreach (EngineTunnel tunnel in tunnels)
            ResetByUs(tunnel, ErrorCode.Cancel);
        Abort(ErrorCode.NoError, reason);
    }

    /// <summary>One coarse tick, a second apart. Any thread, one at a time.</summary>
    public void OnTick(TimeSpan now)
    {
        Streams.Tick++;
        bool received = Interlocked.Exchange(ref _received, false);
        _ticksWaiting = _reader.IsWaitingForMore ? _ticksWaiting + 1 : 0;
        if (_ticksWaiting > Options.HeaderTimeout.TotalSeconds)
        {
            Abort(ErrorCode.ProtocolError, "the preface or a header block was not completed in time");
            return;
        }
        switch (_keepAlive.OnTick(now, received))
        {
            case KeepAlive.Action.SendPing:
                SendPing(KeepAlivePing);
                break;
            case KeepAlive.Action.Close:
                Abort(ErrorCode.NoError, "the peer does not answer PING");
                return;
            default:
                break;
        }
        if (++_ticksInWindow >= Options.ResetWindow.TotalSeconds)
        {
            _ticksInWindow = 0;
            lock (Gate)
                Flood.Refill();
        }
        EndLingering();
        OnTicked();
    }

    /// <summary>Gate held: appends as much of <paramref name="bytes"/> as windows and buffer take; the tunnel stands in the queue for the rest if the connection is what limits it.</summary>
    public int Send_Locked(EngineTunnel tunnel, ReadOnlySpan<byte> bytes, out bool flush)
    {
        int sent = Streams.Send_Locked(tunnel, bytes);
        if (sent > 0)
            Flood.OnDataSent_Locked();
        flush = Output.NeedsFlush_Locked();
        return sent;
    }

    /// <summary>Bytes have left a tunnel's input: the peer gets credit for them, in few large pieces.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="bytes">Credit of the connection.</param>
    /// <param name="streamCredit">Credit of the stream that is due now, or 0.</param>
    public void OnConsumed(EngineTunnel? tunnel, int bytes, int streamCredit)
    {
        bool connectionDue = Interlocked.Add(ref _consumed, bytes) >= Options.ConnectionWindowBytes / 2;
        if (!connectionDue && streamCredit == 0)
            return;
        bool flush;
        lock (Gate)
        {
            if (connectionDue)
                Streams.ReturnConnectionCredit_Locked(Interlocked.Exchange(ref _consumed, 0));
            if (streamCredit > 0 && tunnel is not null)
                Streams.ReturnStreamCredit_Locked(tunnel, streamCredit);
            flush = Output.NeedsFlush_Locked();
        }
        if (flush)
            Output.ScheduleFlush();
    }

    /// <summary>Bytes that belong to no tunnel are done with; their credit goes out with the next that does.</summary>
    public void OnDiscarded(int bytes) => Interlocked.Add(ref _consumed, bytes);

    /// <summary>The writer of a tunnel is done: END_STREAM after its last bytes, or a reset.</summary>
    public void OnOutputCompleted(EngineTunnel tunnel, Exception? exception)
    {
        if (exception is not null)
        {
            ResetByUs(tunnel, ErrorCode.Cancel);
            return;
        }
        var wake = default(WakeList);
        bool flush;
        lock (Gate)
        {
            Streams.Continue_Locked(tunnel, ref wake);
            flush = Output.NeedsFlush_Locked();
        }
        if (flush)
            Output.ScheduleFlush();
        wake.Run(this);
    }

    /// <summary>Gate not held: tells the observers of a tunnel whose two directions have ended.</summary>
    public void FinishIfEnded(EngineTunnel tunnel)
    {
        if (!tunnel.IsEndUntold)
            return;
        tunnel.IsEndUntold = false;
        lock (Gate)
            Flood.OnCompleted_Locked();
        FinishTunnel(tunnel, "ended");
    }

    /// <summary>One side of the application is done with a tunnel; once both are, the peer has a limited time to end it too.</summary>
    public void OnAppProgress(EngineTunnel tunnel)
    {
        lock (Gate)
            Streams.TryLinger_Locked(tunnel);
    }

    /// <summary>Resets a stream. Whoever waits on it continues on a pool thread: the caller may hold locks of its own.</summary>
    public void ResetByUs(EngineTunnel tunnel, ErrorCode code)
    {
        bool flush;
        lock (Gate)
        {
            if (!Streams.TryReset_Locked(tunnel, code, byPeer: false))
                return;
            Output.Number_Locked(FrameType.ResetStream, tunnel.StreamId, (int)code);
            flush = Output.NeedsFlush_Locked();
        }
        if (flush)
            Output.ScheduleFlush();
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Connection.FinishTunnel(state.Tunnel, "aborted"), (Connection: this, Tunnel: tunnel), preferLocal: false);
    }

    /// <summary>A write has ended: waiting tunnels fill the buffer again.</summary>
    public void OnWritten()
    {
        var wake = default(WakeList);
        lock (Gate)
            Streams.Resume_Locked(ref wake);
        FlushBatch.Enter();
        try
        {
            wake.Run(this);
        }
        finally
        {
            FlushBatch.Exit();
        }
    }

    /// <summary>Everything is written.</summary>
    public void OnOutputIdle()
    {
        bool close;
        lock (Gate)
            close = _closeWhenSent && !_closing;
        if (close)
            EndReading();
    }

    /// <summary>The transport does not take our bytes any more; the read loop notices and cleans up.</summary>
    public void OnTransportFailed(Exception exception)
    {
        lock (Gate)
        {
            _closeReason ??= exception.Message;
            Output.Close_Locked();
        }
        _transport.EndReading();
    }

    /// <summary>Gate held: last stream of the peer that was looked at, for GOAWAY.</summary>
    protected abstract int LastPeerStreamId_Locked { get; }

    /// <summary>Gate held: neither side has opened the stream yet.</summary>
    protected internal abstract bool IsIdle_Locked(int streamId);

    /// <summary>Appends our preface (as client) and SETTINGS.</summary>
    protected abstract void AppendSettings_Locked();

    protected internal abstract Fault HandleHeaders(int streamId, HeaderList headers, bool endStream);

    protected internal abstract void HandleGoAway(int lastStreamId, ErrorCode code);

    /// <summary>DATA may come for the tunnel in its present state. Gate not held.</summary>
    protected internal virtual bool MayReceiveData(EngineTunnel tunnel) => true;

    /// <summary>The peer's SETTINGS were applied.</summary>
    protected internal virtual void OnPeerSettings()
    {
    }

    /// <summary>The PING that follows our first GOAWAY was answered.</summary>
    protected internal virtual void OnDrainPingAnswered()
    {
    }

    /// <summary>The coarse tick, for what a role adds.</summary>
    protected virtual void OnTicked()
    {
    }

    /// <summary>A tunnel is over; on any thread.</summary>
    protected virtual void OnTunnelEnded(EngineTunnel tunnel)
    {
    }

    /// <summary>The connection is over; its tunnels are about to be told.</summary>
    protected virtual void OnEnding(Fault fault, Exception? error)
    {
    }

    /// <summary>The connection is over; its tunnels have been told.</summary>
    protected abstract void OnEnded(Fault fault, Exception? error, string reason);

    /// <summary>The peer has ended its direction of a tunnel.</summary>
    protected internal void EndByPeer(EngineTunnel tunnel)
    {
        lock (Gate)
        {
            tunnel.RemoteEnded_Locked = true;
            Streams.TryFinish_Locked(tunnel);
        }
        tunnel.Receiver.End();
        FinishIfEnded(tunnel);
    }

    /// <summary>Resets a stream because of what the peer did on it; too many of them end the connection.</summary>
    protected internal Fault FailStream(EngineTunnel tunnel, ErrorCode code)
    {
        ResetByUs(tunnel, code);
        lock (Gate)
            return Flood.OnEarlyReset_Locked();
    }

    /// <summary>Tells whoever waits on a closed tunnel.</summary>
    protected internal void FinishTunnel(EngineTunnel tunnel, string reason)
    {
        tunnel.FinishClose(reason);
        OnTunnelEnded(tunnel);
    }

    /// <summary>Closes the transport when everything is written; for a connection without tunnels.</summary>
    protected void CloseWhenSent()
    {
        lock (Gate)
        {
            if (_closeWhenSent || _closing)
                return;
            _closeWhenSent = true;
            Output.GoAway_Locked(LastPeerStreamId_Locked, ErrorCode.NoError);
        }
        Output.Flush();
    }

    /// <summary>Sends the first GOAWAY of a graceful end and the PING whose answer shows that it has been read.</summary>
    protected void SendFirstGoAway()
    {
        lock (Gate)
            Output.GoAway_Locked(int.MaxValue, ErrorCode.NoError);
        SendPing(DrainPing);
    }

    private async ValueTask<Fault> ReadLoopAsync()
    {
        while (true)
        {
            if (_buffer.IsEmpty && !_frames.SawTraffic)
            {
                // Nothing but keep-alive lately: wait without a buffer.
                _buffer.Release();
                await _stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
            }
            int read = await _stream.ReadAsync(_buffer.Prepare(_reader.NeededBytes)).ConfigureAwait(false);
            if (read == 0)
                return Fault.None;
            _buffer.Add(read);
            Volatile.Write(ref _received, true);
            Fault fault = HandleRead();
            if (fault.IsError)
                return fault;
        }
    }

    private Fault HandleRead()
    {
        _frames.SawTraffic = false;
        FlushBatch.Enter();
        try
        {
            Fault fault = _reader.Read(_buffer.Bytes, out int consumed);
            _buffer.Consume(consumed);
            return fault;
        }
        finally
        {
            FlushBatch.Exit();
        }
    }

    private void SendPing(ulong payload)
    {
        lock (Gate)
            Output.Ping_Locked(payload, ack: false);
        Output.Flush();
    }

    private void EndLingering()
    {
        while (true)
        {
            EngineTunnel? tunnel;
            lock (Gate)
                tunnel = Streams.FindLingering_Locked(Streams.Tick - (long)Options.LingerTimeout.TotalSeconds);
            if (tunnel is null)
                return;
            ResetByUs(tunnel, ErrorCode.NoError);
        }
    }

    private EngineTunnel[] EndStreams_Locked(Fault fault)
    {
        if (fault.IsError && !_closing)
            Output.GoAway_Locked(LastPeerStreamId_Locked, fault.Code);
        _closing = true;
        return Streams.CloseAll_Locked();
    }

    // From here on the read loop finds the end and closes.
    private void EndReading()
    {
        lock (Gate)
            _closing = true;
        _ = _transport.EndReadingAfterAsync(Output);
    }
}
