using System.IO.Pipelines;
using System.Net;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Hpack;
using Waypoint.Hbone.Originate;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tunnels;

/// <summary>A tunnel of our HTTP/2 engine. Its HTTP/2 state is guarded by the gate of its connection.</summary>
internal sealed class EngineTunnel : Tunnel
{
    private readonly Http2Connection _connection;
    private readonly TunnelInput _input;
    private readonly TunnelOutput _output;

    // Consumed bytes not yet returned to the peer as credit of this stream.
    private int _consumed;

    // Guarded by the gate.
    private ClosedCallback? _closedCallbacks;
    private TaskCompletionSource? _closedTask;
    private bool _closed;
    private bool _callbacksDone;
    private bool _inputDone;

    public EngineTunnel(Http2Connection connection, int streamId, long sendWindow, int receiveWindow)
    {
        _connection = connection;
        StreamId = streamId;
        SendWindow_Locked = sendWindow;
        ReceiveCredit_Locked = receiveWindow;
        _input = new TunnelInput(this);
        _output = new TunnelOutput(this, connection);
    }

    public override PipeReader Input => _input;

    public override PipeWriter Output => _output;

    public override SpiffeId PeerIdentity => _connection.Peer.Identity;

    public override IPEndPoint? RemoteEndPoint => _connection.Peer.RemoteEndPoint;

    public override long ConnectionId => _connection.Id;

    public override int Worker => _connection.Worker;

    public override int StreamId { get; }

    public override TunnelReset? Reset => ResetCode is { } code ? (TunnelReset)code : null;

    public override bool ResetByPeer => IsResetByPeer;

    public override Task Closed
    {
        get
        {
            lock (_connection.Gate)
            {
                if (_callbacksDone)
                    return Task.CompletedTask;
                return (_closedTask ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>The reading end, for the engine.</summary>
    public TunnelInput Receiver => _input;

    /// <summary>The writing end, for the engine.</summary>
    public TunnelOutput Sender => _output;

    /// <summary>The fields of the answer to our CONNECT.</summary>
    public HeaderField[] ResponseHeaders { get; set; } = [];

    /// <summary>Gate held: bytes that the peer's stream window takes; negative after it has shrunk.</summary>
    public long SendWindow_Locked { get; set; }

    /// <summary>Gate held: bytes that the peer may still send on this stream.</summary>
    public int ReceiveCredit_Locked { get; set; }

    /// <summary>Gate held: END_STREAM was sent.</summary>
    public bool LocalEnded_Locked { get; set; }

    /// <summary>Gate held: END_STREAM was received.</summary>
    public bool RemoteEnded_Locked { get; set; }

    /// <summary>Gate held: stands in the connection's queue of writers that wait for room.</summary>
    public bool IsQueued_Locked { get; set; }

    /// <summary>Gate held: CONNECT was answered with 200.</summary>
    public bool IsOpen_Locked { get; set; }

    /// <summary>Gate held: no longer among the connection's streams.</summary>
    public bool IsClosed_Locked => _closed;

    /// <summary>The CONNECT that this tunnel is to come of; null on an accepted tunnel.</summary>
    public PendingConnect? Pending { get; set; }

    /// <summary>Coarse second in which the stream began.</summary>
    public long BornTick { get; init; }

    /// <summary>Gate held: since which coarse second this side is done while the peer is not; -1 if it is not so.</summary>
    public long LingerSinceTick_Locked { get; set; } = -1;

    /// <summary>Next in a <see cref="WakeList"/>.</summary>
    public EngineTunnel? NextToWake { get; set; }

    /// <summary>Stands in a <see cref="WakeList"/>.</summary>
    public bool IsInWakeList { get; set; }

    /// <summary>Both directions ended while the gate was held; the observers have yet to be told.</summary>
    public bool IsEndUntold { get; set; }

    /// <summary>Gate held: bytes may still be sent.</summary>
    public bool CanSend_Locked => !_closed && !LocalEnded_Locked;

    private ErrorCode? ResetCode { get; set; }

    private bool IsResetByPeer { get; set; }

    public override void Abort(TunnelReset reset) => _connection.ResetByUs(this, (ErrorCode)reset);

    public override string? ResponseHeader(string name)
    {
        foreach (HeaderField field in ResponseHeaders)
        {
            if (field.Name == name)
                return field.Value;
        }
        return null;
    }

    public override void OnClosed(Action<object?> callback, object? state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        lock (_connection.Gate)
        {
            if (!_callbacksDone)
            {
                _closedCallbacks = new ClosedCallback(callback, state, _closedCallbacks);
                return;
            }
        }
        callback(state);
    }

    /// <summary>The reader has taken bytes out of the input or given them up.</summary>
    public void OnConsumed(int bytes)
    {
        int streamCredit = 0;
        if (Interlocked.Add(ref _consumed, bytes) >= _connection.StreamCreditThreshold)
            streamCredit = Interlocked.Exchange(ref _consumed, 0);
        _connection.OnConsumed(this, bytes, streamCredit);
    }

    /// <summary>The reader will read no more.</summary>
    public void OnInputCompleted(Exception? exception, bool sawEnd)
    {
        if (exception is not null && !sawEnd)
            _connection.ResetByUs(this, ErrorCode.Cancel);
        else
            _connection.OnAppProgress(this);
    }

    /// <summary>Gate held: the reader will read no more.</summary>
    public bool IsInputDone_Locked => _inputDone || (_inputDone = _input.IsReaderDone);

    /// <summary>Gate held: takes the tunnel out of service. False if it was already.</summary>
    public bool TryClose_Locked(ErrorCode? reset, bool byPeer)
    {
        if (_closed)
            return false;
        _closed = true;
        ResetCode = reset;
        IsResetByPeer = reset is not null && byPeer;
        return true;
    }

    /// <summary>Gate not held, after <see cref="TryClose_Locked"/>: wakes whoever waits and tells the observers.</summary>
    public void FinishClose(string reason)
    {
        if (ResetCode is { } code)
            _input.Fail(new TunnelResetException((TunnelReset)code, IsResetByPeer, reason));
        bool wake;
        ClosedCallback? callbacks;
        TaskCompletionSource? task;
        lock (_connection.Gate)
        {
            wake = _output.Drop_Locked();
            callbacks = _closedCallbacks;
            _closedCallbacks = null;
            task = _closedTask;
            _callbacksDone = true;
        }
        if (wake)
            _output.CompleteWaiter();
        for (; callbacks is not null; callbacks = callbacks.Next)
            callbacks.Callback(callbacks.State);
        task?.TrySetResult();
    }

    private sealed record ClosedCallback(Action<object?> Callback, object? State, ClosedCallback? Next);
}
