using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Tests.Terminate;

/// <summary>What a hostile or broken client can do to a connection, and how far it gets.</summary>
public sealed class HostilePeerTests
{
    public static TheoryData<string, int> ConnectionErrors => new()
    {
        { "settings-not-first", (int)ErrorCode.ProtocolError },
        { "data-on-stream-0", (int)ErrorCode.ProtocolError },
        { "data-on-idle-stream", (int)ErrorCode.ProtocolError },
        { "headers-on-even-stream", (int)ErrorCode.ProtocolError },
        { "reset-on-idle-stream", (int)ErrorCode.ProtocolError },
        { "push-promise", (int)ErrorCode.ProtocolError },
        { "continuation-alone", (int)ErrorCode.ProtocolError },
        { "block-interrupted", (int)ErrorCode.ProtocolError },
        { "padding-too-long", (int)ErrorCode.ProtocolError },
        { "ping-on-stream", (int)ErrorCode.ProtocolError },
        { "frame-too-large", (int)ErrorCode.FrameSizeError },
        { "ping-length", (int)ErrorCode.FrameSizeError },
        { "settings-length", (int)ErrorCode.FrameSizeError },
        { "settings-ack-payload", (int)ErrorCode.FrameSizeError },
        { "settings-window", (int)ErrorCode.FlowControlError },
        { "settings-frame-size", (int)ErrorCode.ProtocolError },
        { "connection-window-overflow", (int)ErrorCode.FlowControlError },
        { "connection-window-zero", (int)ErrorCode.ProtocolError },
        { "hpack-index", (int)ErrorCode.CompressionError },
        { "hpack-size-update", (int)ErrorCode.CompressionError },
    };

    [Theory]
    [MemberData(nameof(ConnectionErrors))]
    public async Task Frame_ThatBreaksTheProtocol_GoAwayAndTheConnectionEnds(string kind, int code)
    {
        await using var rig = new ServerRig(ConnectScript.AcceptAll());
        byte[][] frames = kind switch
        {
            "settings-not-first" => [FrameReader.Preface.ToArray(), Frame.Ping(1).ToBytes()],
            _ => [FrameReader.Preface.ToArray(), Frame.Settings().ToBytes(), .. BadFrames(kind).Select(f => f.ToBytes())],
        };
        await rig.Peer.SendAsync([.. frames.SelectMany(f => f)]);
        Assert.Equal((ErrorCode)code, (await rig.Peer.ReadAsync(FrameType.GoAway)).Code);
        Assert.Null(await rig.Peer.ReadAsync());
        rig.Disconnect();
        await rig.Running.WaitAsync(FramePeer.Timeout);
    }

    public static TheoryData<string, int> StreamErrors => new()
    {
        { "window-zero", (int)ErrorCode.ProtocolError },
        { "window-overflow", (int)ErrorCode.FlowControlError },
        { "data-after-end", (int)ErrorCode.StreamClosed },
        { "data-beyond-window", (int)ErrorCode.FlowControlError },
        { "trailers-without-end", (int)ErrorCode.ProtocolError },
    };

    [Theory]
    [MemberData(nameof(StreamErrors))]
    public async Task Frame_ThatBreaksOneStream_ResetAndTheOthersGoOn(string kind, int code)
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script, new ConnectionOptions { StreamWindowBytes = 100_000 }, bufferBytes: 4 << 20);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel broken = await script.NextTunnelAsync();
        await rig.Peer.ConnectAsync(3);
        Tunnel sibling = await script.NextTunnelAsync();
        Frame[] frames = kind switch
        {
            "window-zero" => [Frame.WindowUpdate(1, 0)],
            "window-overflow" => [Frame.WindowUpdate(1, int.MaxValue)],
            "data-after-end" => [Frame.Data(1, [1], end: true), Frame.Data(1, [2])],
            "data-beyond-window" => [Frame.Data(1, new byte[60_000]), Frame.Data(1, new byte[40_001])],
            _ => [new Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, FramePeer.Encode(("a", "b")))],
        };
        foreach (Frame frame in frames)
            await rig.Peer.SendAsync(frame);
        Frame reset = await rig.Peer.ReadAsync(FrameType.ResetStream);
        Assert.Equal((1, (ErrorCode)code), (reset.StreamId, reset.Code));
        await broken.Closed.WaitAsync(FramePeer.Timeout);
        await rig.Peer.SendAsync(Frame.Data(3, [7]));
        Assert.Equal(1, (await sibling.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout)).Buffer.Length);
    }

    [Fact]
    public async Task Preface_Wrong_Closed()
    {
        await using var rig = new ServerRig(ConnectScript.AcceptAll());
        await rig.Peer.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        Assert.Equal(ErrorCode.ProtocolError, (await rig.Peer.ReadAsync(FrameType.GoAway)).Code);
    }

    public static TheoryData<string> Floods => ["rapid-reset", "malformed", "continuation", "large-block", "settings", "ping", "priority", "unknown", "empty-data", "padding-only", "window-update"];

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task Flood_OfWhatCostsOnlyUs_EnhanceYourCalm(string kind)
    {
        await using var rig = new ServerRig(ConnectScript.AcceptAll(), bufferBytes: 64 << 20);
        await rig.Peer.StartAsClientAsync();
        if (kind is "empty-data" or "padding-only" or "window-update")
            await rig.Peer.ConnectAsync(1);
        Task reading = ReadCodeAsync(rig.Peer);
        for (int i = 0; i < 200_000 && !reading.IsCompleted; i += 100)
        {
            try
            {
                await rig.Peer.SendAsync([.. Enumerable.Range(i, 100).SelectMany(n => FloodFrames(kind, n)).SelectMany(f => f.ToBytes())]);
            }
            catch (IOException)
            {
                // Closed under our hands.
                break;
            }
        }
        Assert.Equal(ErrorCode.EnhanceYourCalm, await ReadCodeAsync(reading));
    }

    [Fact]
    public async Task ManyTunnels_EndingInOrder_AreNoFlood()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        for (int id = 1; id < 2000; id += 2)
        {
            await rig.Peer.ConnectAsync(id);
            Tunnel tunnel = await script.NextTunnelAsync();
            await rig.Peer.SendAsync(Frame.Data(id, [1], end: true));
            await tunnel.Output.CompleteAsync();
            await tunnel.Closed.WaitAsync(FramePeer.Timeout);
        }
        Assert.Equal(0, rig.Connection.TunnelCount);
    }

    [Fact]
    public async Task HeaderBlock_NeverCompleted_ClosedAfterTheTimeout()
    {
        await using var rig = new ServerRig(ConnectScript.AcceptAll());
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.SendAsync(new Frame(FrameType.Headers, FrameFlags.None, 1, [0x82]));
        await rig.Peer.ReadAsync(FrameType.Settings);
        await rig.Peer.ReadAsync(FrameType.Settings);
        // The frame is read by another thread; the clock moves until it has been seen.
        while (!rig.Running.IsCompleted)
        {
            rig.Tick(1);
            await Task.Delay(1);
        }
        Assert.Equal(ErrorCode.ProtocolError, (await rig.Peer.ReadAsync(FrameType.GoAway)).Code);
    }

    [Fact]
    public async Task ControlFrames_NeverRead_TheConnectionIsClosed()
    {
        // The answers to PING fill every buffer; what a peer can make us keep is bounded.
        await using var rig = new ServerRig(ConnectScript.AcceptAll(), bufferBytes: 4096);
        await rig.Peer.StartAsClientAsync();
        for (int i = 0; i < 3000 && !rig.Running.IsCompleted; i++)
        {
            try
            {
                await rig.Peer.SendAsync(Frame.Ping((ulong)i));
            }
            catch (Exception exception) when (exception is IOException or TimeoutException)
            {
                break;
            }
        }
        rig.Disconnect();
        await rig.Running.WaitAsync(FramePeer.Timeout);
    }

    private static IEnumerable<Frame> BadFrames(string kind) => kind switch
    {
        "data-on-stream-0" => [Frame.Data(0, [1])],
        "data-on-idle-stream" => [Frame.Data(9, [1])],
        "headers-on-even-stream" => [new Frame(FrameType.Headers, FrameFlags.EndHeaders, 2, FramePeer.Encode((":method", "CONNECT")))],
        "reset-on-idle-stream" => [Frame.Reset(9, ErrorCode.Cancel)],
        "push-promise" => [new Frame(FrameType.PushPromise, FrameFlags.EndHeaders, 1, [0, 0, 0, 2])],
        "continuation-alone" => [new Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, [0x82])],
        "block-interrupted" => [new Frame(FrameType.Headers, FrameFlags.None, 1, [0x82]), Frame.Ping(1)],
        "padding-too-long" => [new Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.Padded, 1, [200, 1, 2])],
        "ping-on-stream" => [Frame.Ping(1) with { StreamId = 1 }],
        "frame-too-large" => [new Frame(FrameType.Data, FrameFlags.None, 1, new byte[(64 << 10) + 1])],
        "ping-length" => [new Frame(FrameType.Ping, FrameFlags.None, 0, new byte[7])],
        "settings-length" => [new Frame(FrameType.Settings, FrameFlags.None, 0, new byte[5])],
        "settings-ack-payload" => [new Frame(FrameType.Settings, FrameFlags.Ack, 0, new byte[6])],
        "settings-window" => [Frame.Settings((SettingId.InitialWindowSize, 0x8000_0000))],
        "settings-frame-size" => [Frame.Settings((SettingId.MaxFrameSize, 100))],
        "connection-window-overflow" => [Frame.WindowUpdate(0, int.MaxValue)],
        "connection-window-zero" => [Frame.WindowUpdate(0, 0)],
        "hpack-index" => [new Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, [0xff, 0x20])],
        _ => [new Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, [0x3f, 0xff, 0xff, 0x7f])],
    };

    private static IEnumerable<Frame> FloodFrames(string kind, int n)
    {
        int id = (n * 2) + 1;
        byte[] connect = FramePeer.Encode((":method", "CONNECT"), (":authority", "10.0.0.1:80"));
        return kind switch
        {
            "rapid-reset" => [new Frame(FrameType.Headers, FrameFlags.EndHeaders, id, connect), Frame.Reset(id, ErrorCode.Cancel)],
            "malformed" => [new Frame(FrameType.Headers, FrameFlags.EndHeaders, id, FramePeer.Encode((":method", "CONNECT"), (":path", "/")))],
            "continuation" => [new Frame(n == 0 ? FrameType.Headers : FrameType.Continuation, FrameFlags.None, 1, [])],
            "large-block" => [new Frame(n == 0 ? FrameType.Headers : FrameType.Continuation, FrameFlags.None, 1, new byte[16_000])],
            "settings" => [Frame.Settings()],
            "ping" => [Frame.Ping(1)],
            "priority" => [new Frame(FrameType.Priority, FrameFlags.None, 1, new byte[5])],
            "unknown" => [new Frame((FrameType)77, FrameFlags.None, 0, [1, 2, 3])],
            "empty-data" => [Frame.Data(1, [])],
            "padding-only" => [new Frame(FrameType.Data, FrameFlags.Padded, 1, [3, 0, 0, 0])],
            _ => [Frame.WindowUpdate(0, 1)],
        };
    }

    private static async Task<ErrorCode> ReadCodeAsync(FramePeer peer)
    {
        while (await peer.ReadAsync() is { } frame)
        {
            if (frame.Type == FrameType.GoAway)
                return frame.Code;
        }
        return ErrorCode.NoError;
    }

    private static async Task<ErrorCode> ReadCodeAsync(Task reading) => await (Task<ErrorCode>)reading;
}
