using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Hpack;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Originate;

/// <summary>An HBONE connection that we opened: sends CONNECTs and hands out the tunnels that come of them.</summary>
internal sealed class ClientConnection : Http2Connection
{
    // Resets of streams that the peer may not have looked at yet: a ztunnel closes the connection above 20.
    private const int MaxEarlyResetsPerTick = 10;
    private const int MaxStreamId = int.MaxValue - 2;

    private readonly TunnelPoolOptions _options;
    private readonly ILogger _logger;

    // Guarded by the gate.
    private readonly List<PendingConnect> _pending = [];
    private int _nextStreamId = 1;
    private bool _goAway;
    private bool _retired;
    private int _ticksSinceGoAway;
    private int _idleTicks;
    private int _earlyResets;
    private ConnectAnswer _lostAnswer = new(ConnectAnswer.Kind.Lost);

    public ClientConnection(Transport transport, ConnectionPeer peer, TunnelPoolOptions options, ILogger logger)
        : base(transport, isServer: false, peer, options.Connection)
    {
        _options = options;
        _logger = logger;
    }

    /// <summary>Another tunnel may be opened now.</summary>
    public bool HasRoom
    {
        get
        {
            lock (Gate)
                return HasRoom_Locked;
        }
    }

    /// <summary>No tunnel will be opened any more.</summary>
    public bool IsLeaving
    {
        get
        {
            lock (Gate)
                return IsLeaving_Locked;
        }
    }

    protected override int LastPeerStreamId_Locked => 0;

    private bool IsLeaving_Locked => _goAway || _retired || IsClosing_Locked || _nextStreamId > MaxStreamId;

    private bool HasRoom_Locked => !IsLeaving_Locked && Streams.Count < Math.Min(Streams.PeerMaxStreams, _options.MaxTunnelsPerConnection);

    /// <summary>Sends a CONNECT; null when there is no room for one.</summary>
    public PendingConnect? TryOpen(TunnelTarget target)
    {
        PendingConnect pending;
        bool flush;
        lock (Gate)
        {
            if (!HasRoom_Locked)
                return null;
            EngineTunnel tunnel = Streams.Add_Locked(this, _nextStreamId);
            _nextStreamId += 2;
            _idleTicks = 0;
            pending = new PendingConnect(tunnel);
            tunnel.Pending = pending;
            _pending.Add(pending);
            AppendConnect_Locked(tunnel.StreamId, target);
            flush = Output.NeedsFlush_Locked();
        }
        if (flush)
            Output.ScheduleFlush();
        return pending;
    }

    /// <summary>Nobody waits for the answer any more. Few such streams are reset at once; the others when they are answered.</summary>
    public void Abandon(PendingConnect pending)
    {
        lock (Gate)
        {
            if (++_earlyResets > MaxEarlyResetsPerTick)
            {
                pending.IsAbandoned = true;
                if (!pending.Answer.IsCompleted)
                    return;
            }
        }
        ResetByUs(pending.Tunnel, ErrorCode.Cancel);
    }

    /// <summary>Takes no new tunnels; closes with the last one.</summary>
    public void Retire()
    {
        bool idle;
        lock (Gate)
        {
            _retired = true;
            idle = Streams.Count == 0;
        }
        if (idle)
            CloseWhenSent();
    }

    protected internal override bool IsIdle_Locked(int streamId) => streamId >= _nextStreamId || (streamId & 1) == 0;

    protected override void AppendSettings_Locked()
    {
        const int Count = 4;
        FrameReader.Preface.CopyTo(Output.Append_Locked(FrameReader.Preface.Length));
        Span<byte> frame = Output.Append_Locked(FrameHeader.Size + (Count * 6));
        FrameHeader.Write(frame, Count * 6, FrameType.Settings, FrameFlags.None, 0);
        WriteSetting(frame[9..], SettingId.EnablePush, 0);
        WriteSetting(frame[15..], SettingId.InitialWindowSize, Options.StreamWindowBytes);
        WriteSetting(frame[21..], SettingId.MaxFrameSize, Options.MaxFrameBytes);
        WriteSetting(frame[27..], SettingId.MaxHeaderListSize, Options.MaxHeaderListBytes);
    }

    protected internal override bool MayReceiveData(EngineTunnel tunnel) => tunnel.IsOpen_Locked;

    protected internal override Fault HandleHeaders(int streamId, HeaderList headers, bool endStream)
    {
        EngineTunnel? tunnel;
        bool open;
        lock (Gate)
        {
            tunnel = Streams.Find_Locked(streamId);
            if (tunnel is null)
                return IsIdle_Locked(streamId) ? Fault.Protocol("HEADERS on a stream that was never opened") : Flood.OnClosedStream();
            open = tunnel.IsOpen_Locked;
        }
        if (open)
        {
            if (!endStream)
                return FailStream(tunnel, ErrorCode.ProtocolError);
            EndByPeer(tunnel);
            return Fault.None;
        }
        int status = headers.IsTooLarge ? 0 : ReadStatus(headers);
        if (status is < 100 or > 999 || (status < 200 && endStream))
            return FailStream(tunnel, ErrorCode.ProtocolError);
        if (status >= 200)
            TakeAnswer(tunnel, status, headers, endStream);
        return Fault.None;
    }

    protected internal override void HandleGoAway(int lastStreamId, ErrorCode code)
    {
        PendingConnect[] lost;
        bool idle;
        lock (Gate)
        {
            _goAway = true;
            lost = _pending.Where(p => p.Tunnel.StreamId > lastStreamId).ToArray();
        }
        ClientConnectionLog.GoAway(_logger, Id, Peer.Identity.Uri, lastStreamId, code);
        foreach (PendingConnect pending in lost)
            GiveUp(pending);
        lock (Gate)
            idle = Streams.Count == 0;
        if (idle)
            CloseWhenSent();
    }

    protected override void OnTicked()
    {
        PendingConnect[] lost = [];
        bool idle;
        lock (Gate)
        {
            _earlyResets = 0;
            // A draining ztunnel never answers what it had not taken up; the first tick may come at once.
            if (_goAway && ++_ticksSinceGoAway > _options.GoAwayGrace.TotalSeconds)
                lost = [.. _pending];
            _idleTicks = Streams.Count == 0 ? _idleTicks + 1 : 0;
            idle = Streams.Count == 0 && (IsLeaving_Locked || _idleTicks >= _options.IdleTimeout.TotalSeconds);
            _retired |= idle;
        }
        foreach (PendingConnect pending in lost)
            GiveUp(pending);
        if (idle)
            CloseWhenSent();
    }

    protected override void OnTunnelEnded(EngineTunnel tunnel)
    {
        if (tunnel.Pending is { Answer.IsCompleted: false } pending)
        {
            ConnectAnswer answer;
            lock (Gate)
            {
                _pending.Remove(pending);
                answer = IsClosing_Locked ? _lostAnswer : new ConnectAnswer(ConnectAnswer.Kind.Reset, Code: (ErrorCode)(tunnel.Reset ?? TunnelReset.NoError));
            }
            pending.TryAnswer(answer);
        }
        bool idle;
        lock (Gate)
            idle = IsLeaving_Locked && Streams.Count == 0;
        if (idle)
            CloseWhenSent();
    }

    protected override void OnEnding(Fault fault, Exception? error)
    {
        lock (Gate)
        {
            _retired = true;
            _lostAnswer = new ConnectAnswer(IsPeerSilent ? ConnectAnswer.Kind.RefusedByTls : ConnectAnswer.Kind.Lost,
                Reason: fault.Reason ?? error?.InnerException?.Message ?? error?.Message ?? "the peer closed the connection");
        }
    }

    protected override void OnEnded(Fault fault, Exception? error, string reason)
    {
        if (fault.IsError)
            ClientConnectionLog.ProtocolViolation(_logger, Id, Peer.Identity.Uri, fault.Code, fault.Reason);
        else
            ClientConnectionLog.Ended(_logger, Id, Peer.Identity.Uri, reason);
    }

    private static void WriteSetting(Span<byte> destination, SettingId id, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)id);
        BinaryPrimitives.WriteInt32BigEndian(destination[2..], value);
    }

    private static int ReadStatus(HeaderList headers)
    {
        if (headers.Count == 0 || headers[0].Name != ":status" || headers[0].Value.Length != 3)
            return 0;
        for (int i = 1; i < headers.Count; i++)
        {
            if (headers[i].Name.StartsWith(':'))
                return 0;
        }
        return int.TryParse(headers[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status : 0;
    }

    private void TakeAnswer(EngineTunnel tunnel, int status, HeaderList headers, bool endStream)
    {
        PendingConnect pending = tunnel.Pending!;
        bool abandoned;
        lock (Gate)
        {
            _pending.Remove(pending);
            abandoned = pending.IsAbandoned;
            tunnel.IsOpen_Locked = status == 200;
            if (headers.Count > 1)
                tunnel.ResponseHeaders = headers.ToArray();
        }
        if (status == 200 && !abandoned)
        {
            if (endStream)
                EndByPeer(tunnel);
            if (pending.TryAnswer(new ConnectAnswer(ConnectAnswer.Kind.Opened)))
                return;
        }
        // The stream goes first: who learns of the refusal may count on its place.
        tunnel.Pending = null;
        ResetByUs(tunnel, ErrorCode.Cancel);
        pending.TryAnswer(new ConnectAnswer(ConnectAnswer.Kind.Rejected, status));
    }

    private void GiveUp(PendingConnect pending)
    {
        lock (Gate)
            _pending.Remove(pending);
        pending.TryAnswer(new ConnectAnswer(ConnectAnswer.Kind.GoAway));
        ResetByUs(pending.Tunnel, ErrorCode.Cancel);
    }

    private void AppendConnect_Locked(int streamId, TunnelTarget target)
    {
        int room = HpackEncoder.MaxEncodedLength(":method", "CONNECT") + HpackEncoder.MaxEncodedLength(":authority", target.Authority)
            + Room("baggage", target.Baggage) + Room("forwarded", target.Forwarded) + Room("traceparent", target.TraceParent)
            + Room("x-istio-source", target.IstioSource) + Room("x-forwarded-network", target.ForwardedNetwork);
        Span<byte> frame = Output.Append_Locked(FrameHeader.Size + room);
        Span<byte> block = frame[FrameHeader.Size..];
        int length = HpackEncoder.WriteIndexedName(block, HpackStaticTable.Method, "CONNECT");
        length += HpackEncoder.WriteIndexedName(block[length..], HpackStaticTable.Authority, target.Authority);
        length += Write(block[length..], "baggage", target.Baggage);
        length += Write(block[length..], "forwarded", target.Forwarded);
        length += Write(block[length..], "traceparent", target.TraceParent);
        length += Write(block[length..], "x-istio-source", target.IstioSource);
        length += Write(block[length..], "x-forwarded-network", target.ForwardedNetwork);
        FrameHeader.Write(frame, length, FrameType.Headers, FrameFlags.EndHeaders, streamId);
        Output.Trim_Locked(room - length);
    }

    private static int Room(string name, string? value) => value is null ? 0 : HpackEncoder.MaxEncodedLength(name, value);

    private static int Write(Span<byte> destination, string name, string? value) => value is null ? 0 : HpackEncoder.Write(destination, name, value);
}
