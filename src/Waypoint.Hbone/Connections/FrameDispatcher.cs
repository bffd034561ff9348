using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Hpack;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Connections;

/// <summary>Does what the frames of a peer ask for. Everything runs on the read loop of the connection.</summary>
internal sealed class FrameDispatcher(Http2Connection connection, StreamTable streams) : IFrameHandler
{
    private EngineTunnel? _dataTunnel;
    private bool _dataWasEmpty;

    /// <summary>Tunnels have opened or carried bytes since this was cleared.</summary>
    public bool SawTraffic { get; set; }

    public Fault OnDataBegin(int streamId, int length, int padding)
    {
        SawTraffic = true;
        _dataWasEmpty = length == padding;
        lock (connection.Gate)
        {
            if (!streams.TakeConnectionCredit_Locked(length))
                return Fault.FlowControl("more data than the connection's window");
            _dataTunnel = streams.Find_Locked(streamId);
            if (_dataTunnel is null)
            {
                connection.OnDiscarded(padding);
                return connection.IsIdle_Locked(streamId) ? Fault.Protocol("DATA on a stream that was never opened") : connection.Flood.OnClosedStream();
            }
        }
        ErrorCode error = CheckData(_dataTunnel, length);
        if (error != ErrorCode.NoError)
        {
            Fault fault = connection.FailStream(_dataTunnel, error);
            _dataTunnel = null;
            connection.OnDiscarded(padding);
            return fault;
        }
        if (padding > 0)
            _dataTunnel.OnConsumed(padding);
        return Fault.None;
    }

    public void OnDataBytes(ReadOnlySpan<byte> bytes)
    {
        if (_dataTunnel is null || !_dataTunnel.Receiver.Append(bytes))
            connection.OnConsumed(_dataTunnel, bytes.Length, streamCredit: 0);
    }

    public Fault OnDataEnd(bool endStream)
    {
        EngineTunnel? tunnel = _dataTunnel;
        _dataTunnel = null;
        if (endStream && tunnel is not null)
            connection.EndByPeer(tunnel);
        return _dataWasEmpty && !endStream ? connection.Flood.OnEmptyData() : Fault.None;
    }

    public Fault OnHeaders(int streamId, HeaderList headers, bool endStream)
    {
        SawTraffic = true;
        return connection.HandleHeaders(streamId, headers, endStream);
    }

    public Fault OnResetStream(int streamId, ErrorCode code)
    {
        EngineTunnel? tunnel;
        Fault fault = Fault.None;
        lock (connection.Gate)
        {
            tunnel = streams.Find_Locked(streamId);
            if (tunnel is null)
                return connection.IsIdle_Locked(streamId) ? Fault.Protocol("RST_STREAM on a stream that was never opened") : connection.Flood.OnClosedStream();
            bool early = streams.Tick - tunnel.BornTick <= 1;
            streams.TryReset_Locked(tunnel, code, byPeer: true);
            if (early)
                fault = connection.Flood.OnEarlyReset_Locked();
        }
        connection.FinishTunnel(tunnel, $"reset by the peer with {code}");
        return fault;
    }

    public Fault OnSettings(ReadOnlySpan<byte> payload)
    {
        Fault fault = connection.Flood.OnSettings();
        if (fault.IsError)
            return fault;
        var wake = default(WakeList);
        bool flush;
        lock (connection.Gate)
        {
            ErrorCode error = streams.ApplySettings_Locked(payload, ref wake);
            if (error != ErrorCode.NoError)
                return new Fault(error, "SETTINGS with a value out of range");
            connection.Output.SettingsAck_Locked();
            flush = connection.Output.NeedsFlush_Locked();
        }
        if (flush)
            connection.Output.ScheduleFlush();
        wake.Run(connection);
        connection.OnPeerSettings();
        return Fault.None;
    }

    public void OnSettingsAck()
    {
    }

    public Fault OnPing(ulong payload, bool ack)
    {
        if (ack)
        {
            if (payload == Http2Connection.DrainPing)
                connection.OnDrainPingAnswered();
            return Fault.None;
        }
        bool flush;
        bool flooded;
        lock (connection.Gate)
        {
            connection.Output.Ping_Locked(payload, ack: true);
            flooded = connection.Output.IsFlooded_Locked;
            flush = connection.Output.NeedsFlush_Locked();
        }
        if (flush)
            connection.Output.ScheduleFlush();
        return flooded ? Fault.Calm("control frames are not read") : connection.Flood.OnPing();
    }

    public Fault OnGoAway(int lastStreamId, ErrorCode code)
    {
        connection.HandleGoAway(lastStreamId, code);
        return Fault.None;
    }

    public Fault OnWindowUpdate(int streamId, int increment)
    {
        Fault fault = connection.Flood.OnWindowUpdate();
        if (fault.IsError)
            return fault;
        if (streamId == 0 && increment == 0)
            return Fault.Protocol("WINDOW_UPDATE of 0");
        var wake = default(WakeList);
        EngineTunnel? tunnel = null;
        bool flush;
        lock (connection.Gate)
        {
            if (streamId == 0)
            {
                if (!streams.TryAddConnectionWindow_Locked(increment, ref wake))
                    return Fault.FlowControl("the connection's window overflows");
            }
            else
            {
                tunnel = streams.Find_Locked(streamId);
                if (tunnel is null)
                    return connection.IsIdle_Locked(streamId) ? Fault.Protocol("WINDOW_UPDATE on a stream that was never opened") : Fault.None;
                if (increment > 0 && streams.TryAddStreamWindow_Locked(tunnel, increment, ref wake))
                    tunnel = null;
            }
            flush = connection.Output.NeedsFlush_Locked();
        }
        if (flush)
            connection.Output.ScheduleFlush();
        if (tunnel is not null)
            return connection.FailStream(tunnel, increment == 0 ? ErrorCode.ProtocolError : ErrorCode.FlowControlError);
        wake.Run(connection);
        return Fault.None;
    }

    public Fault OnIgnored(FrameType type) => connection.Flood.OnIgnored();

    private ErrorCode CheckData(EngineTunnel tunnel, int length)
    {
        if (!connection.MayReceiveData(tunnel))
            return ErrorCode.ProtocolError;
        lock (connection.Gate)
        {
            if (tunnel.RemoteEnded_Locked)
                return ErrorCode.StreamClosed;
            tunnel.ReceiveCredit_Locked -= length;
            return tunnel.ReceiveCredit_Locked < 0 ? ErrorCode.FlowControlError : ErrorCode.NoError;
        }
    }
}
