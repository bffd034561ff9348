using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Hpack;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Terminate;

/// <summary>An accepted HBONE connection: answers CONNECTs and drains in two steps.</summary>
internal sealed class ServerConnection : Http2Connection
{
    private enum DrainState
    {
        None,

        /// <summary>GOAWAY without a real last stream was sent; CONNECTs under way are still served.</summary>
        Announced,

        /// <summary>The final GOAWAY was sent; later streams are refused.</summary>
        Final,
    }

    // One tick may be nearly over when it begins: two make at least the second that a CONNECT under way needs.
    private const int TicksToFinal = 2;
    private const int TicksWithoutPingAnswer = 5;

    private readonly IConnectHandler _handler;
    private readonly int _maxStreams;
    private readonly ILogger _logger;
    private int _lastStreamId;

    // Guarded by the gate.
    private DrainState _drain;
    private int _drainTicks;
    private bool _drainPingAnswered;

    public ServerConnection(Transport transport, ConnectionPeer peer, HboneListenerOptions options, IConnectHandler handler, ILogger logger)
        : base(transport, isServer: true, peer, options.Connection)
    {
        _handler = handler;
        _maxStreams = options.MaxConcurrentStreams;
        _logger = logger;
    }

    protected override int LastPeerStreamId_Locked => _lastStreamId;

    /// <summary>Begins the graceful end: the peer opens its next tunnels elsewhere, open ones go on.</summary>
    public void Drain()
    {
        lock (Gate)
        {
            if (_drain != DrainState.None)
                return;
            _drain = DrainState.Announced;
        }
        SendFirstGoAway();
    }

    /// <summary>Answers 200.</summary>
    public void Accept(EngineTunnel tunnel)
    {
        bool flush;
        lock (Gate)
        {
            // Without the stream there is nobody to answer; the tunnel is then reset already, and its pipes say so.
            if (tunnel.IsClosed_Locked)
                return;
            tunnel.IsOpen_Locked = true;
            AppendStatus_Locked(tunnel.StreamId, 200, FrameFlags.EndHeaders);
            flush = Output.NeedsFlush_Locked();
        }
        if (flush)
            Output.ScheduleFlush();
    }

    /// <summary>Answers with an error and ends the stream.</summary>
    public void Reject(EngineTunnel tunnel, ServerConnectRequest request, int status)
    {
        ServerConnectionLog.ConnectRejected(_logger, Id, tunnel.StreamId, Peer.Identity.Uri, request.Authority, status);
        bool flush;
        lock (Gate)
        {
            if (!Streams.TryReset_Locked(tunnel, ErrorCode.NoError, byPeer: false))
                return;
            AppendRejection_Locked(tunnel.StreamId, status, tunnel.RemoteEnded_Locked);
            flush = Output.NeedsFlush_Locked();
        }
        if (flush)
            Output.ScheduleFlush();
        FinishTunnel(tunnel, "rejected");
    }

    protected internal override bool IsIdle_Locked(int streamId) => streamId > _lastStreamId || (streamId & 1) == 0;

    protected override void AppendSettings_Locked()
    {
        const int Count = 4;
        Span<byte> frame = Output.Append_Locked(FrameHeader.Size + (Count * 6));
        FrameHeader.Write(frame, Count * 6, FrameType.Settings, FrameFlags.None, 0);
        WriteSetting(frame[9..], SettingId.MaxConcurrentStreams, _maxStreams);
        WriteSetting(frame[15..], SettingId.InitialWindowSize, Options.StreamWindowBytes);
        WriteSetting(frame[21..], SettingId.MaxFrameSize, Options.MaxFrameBytes);
        WriteSetting(frame[27..], SettingId.MaxHeaderListSize, Options.MaxHeaderListBytes);
    }

    protected internal override Fault HandleHeaders(int streamId, HeaderList headers, bool endStream)
    {
        if ((streamId & 1) == 0)
            return Fault.Protocol("HEADERS on a stream of an even number");
        EngineTunnel? tunnel;
        ConnectHead head = default;
        lock (Gate)
        {
            if (streamId <= _lastStreamId)
            {
                tunnel = Streams.Find_Locked(streamId);
                if (tunnel is null)
                    return Flood.OnClosedStream();
            }
            else
            {
                _lastStreamId = streamId;
                tunnel = null;
            }
        }
        if (tunnel is not null)
            return HandleTrailers(tunnel, endStream);
        head = ConnectHead.Read(headers);
        switch (head.Result)
        {
            case ConnectHead.Verdict.Malformed:
                ServerConnectionLog.ConnectMalformed(_logger, Id, streamId, Peer.Identity.Uri);
                return Refuse(streamId, ErrorCode.ProtocolError);
            case ConnectHead.Verdict.Refused:
                ServerConnectionLog.ConnectRejected(_logger, Id, streamId, Peer.Identity.Uri, head.AuthorityText, head.Status);
                return RejectWithoutTunnel(streamId, head.Status, endStream);
            default:
                return Open(streamId, headers, head, endStream);
        }
    }

    protected internal override void HandleGoAway(int lastStreamId, ErrorCode code)
    {
        // The peer opens no more tunnels here. It closes when the last has ended, or we do.
        bool idle;
        lock (Gate)
        {
            _drain = DrainState.Final;
            idle = Streams.Count == 0;
        }
        if (idle)
            CloseWhenSent();
    }

    protected internal override void OnDrainPingAnswered()
    {
        lock (Gate)
            _drainPingAnswered = true;
    }

    protected override void OnTicked()
    {
        bool final;
        bool idle;
        lock (Gate)
        {
            if (_drain == DrainState.None)
                return;
            _drainTicks++;
            final = _drain == DrainState.Announced && _drainTicks >= TicksToFinal && (_drainPingAnswered || _drainTicks >= TicksWithoutPingAnswer);
            if (final)
            {
                _drain = DrainState.Final;
                Output.GoAway_Locked(_lastStreamId, ErrorCode.NoError);
            }
            idle = _drain == DrainState.Final && Streams.Count == 0;
        }
        if (final)
            Output.Flush();
        if (idle)
            CloseWhenSent();
    }

    protected override void OnTunnelEnded(EngineTunnel tunnel)
    {
        bool idle;
        lock (Gate)
            idle = _drain == DrainState.Final && Streams.Count == 0;
        if (idle)
            CloseWhenSent();
    }

    protected override void OnEnded(Fault fault, Exception? error, string reason)
    {
        if (fault.IsError)
            ServerConnectionLog.ProtocolViolation(_logger, Id, Peer.Identity.Uri, fault.Code, fault.Reason);
        else
            ServerConnectionLog.Ended(_logger, Id, Peer.Identity.Uri, reason);
    }

    private static void WriteSetting(Span<byte> destination, SettingId id, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)id);
        BinaryPrimitives.WriteInt32BigEndian(destination[2..], value);
    }

    private Fault HandleTrailers(EngineTunnel tunnel, bool endStream)
    {
        if (!endStream)
            return FailStream(tunnel, ErrorCode.ProtocolError);
        EndByPeer(tunnel);
        return Fault.None;
    }

    private Fault Open(int streamId, HeaderList headers, ConnectHead head, bool endStream)
    {
        EngineTunnel? tunnel = null;
        lock (Gate)
        {
            if (_drain != DrainState.Final && Streams.Count < _maxStreams && !IsClosing_Locked)
                tunnel = Streams.Add_Locked(this, streamId);
        }
        if (tunnel is null)
        {
            ServerConnectionLog.ConnectRefused(_logger, Id, streamId, Peer.Identity.Uri);
            return Refuse(streamId, ErrorCode.RefusedStream);
        }
        var request = new ServerConnectRequest(this, tunnel, head, headers.ToArray());
        tunnel.OnClosed(static state => ((ServerConnectRequest)state!).OnEnded(), request);
        if (endStream)
            EndByPeer(tunnel);
        _ = HandleAsync(request);
        return Fault.None;
    }

    // Never faulted: a handler's failure is answered here.
    private async Task HandleAsync(ServerConnectRequest request)
    {
        try
        {
            await _handler.HandleAsync(request, request.Ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (request.Ended.IsCancellationRequested)
        {
            // The client left before the answer.
        }
#pragma warning disable CA1031 // Whatever a handler throws must not take the connection and its other tunnels with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServerConnectionLog.HandlerFailed(_logger, exception, Id, request.StreamId, request.Authority);
        }
        request.TryRejectUnanswered();
    }

    private Fault Refuse(int streamId, ErrorCode code)
    {
        bool flush;
        Fault fault;
        lock (Gate)
        {
            Output.Number_Locked(FrameType.ResetStream, streamId, (int)code);
            flush = Output.NeedsFlush_Locked();
            fault = Output.IsFlooded_Locked ? Fault.Calm("control frames are not read") : Flood.OnEarlyReset_Locked();
        }
        if (flush)
            Output.ScheduleFlush();
        return fault;
    }

    private Fault RejectWithoutTunnel(int streamId, int status, bool endStream)
    {
        bool flush;
        bool flooded;
        lock (Gate)
        {
            AppendRejection_Locked(streamId, status, endStream);
            flooded = Output.IsFlooded_Locked;
            flush = Output.NeedsFlush_Locked();
        }
        if (flush)
            Output.ScheduleFlush();
        return flooded ? Fault.Calm("control frames are not read") : Fault.None;
    }

    // RST_STREAM tells the peer not to send on; without it, a ztunnel answers every refusal with one of its own.
    private void AppendRejection_Locked(int streamId, int status, bool peerEnded)
    {
        AppendStatus_Locked(streamId, status, FrameFlags.EndHeaders | FrameFlags.EndStream);
        if (!peerEnded)
            Output.Number_Locked(FrameType.ResetStream, streamId, (int)ErrorCode.NoError);
    }

    private void AppendStatus_Locked(int streamId, int status, FrameFlags flags)
    {
        const int MaxBlock = 8;
        Span<byte> frame = Output.Append_Locked(FrameHeader.Size + MaxBlock);
        int length = HpackEncoder.WriteStatus(frame[FrameHeader.Size..], status);
        FrameHeader.Write(frame, length, FrameType.Headers, flags, streamId);
        Output.Trim_Locked(MaxBlock - length);
    }
}
