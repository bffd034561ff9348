using System.IO.Pipelines;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Tests.Tunnels;

public sealed class FlowControlTests
{
    private readonly ConnectScript _script = ConnectScript.AcceptAll();

    [Fact]
    public async Task Write_BeyondThePeersStreamWindow_WaitsForCreditAndSiblingsGoOn()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAsClientAsync((SettingId.InitialWindowSize, 1000));
        Tunnel slow = await OpenAsync(rig, 1);
        Tunnel other = await OpenAsync(rig, 3);
        Task<FlushResult> write = slow.Output.WriteAsync(new byte[1500]).AsTask();
        Assert.Equal(1000, (await rig.Peer.ReadDataAsync(1, 1000, credit: false)).Length);
        Assert.False(write.IsCompleted);
        await other.Output.WriteAsync(new byte[10]);
        Assert.Equal(10, (await rig.Peer.ReadDataAsync(3, 10, credit: false)).Length);
        await rig.Peer.SendAsync(Frame.WindowUpdate(1, 300));
        Assert.Equal(300, (await rig.Peer.ReadDataAsync(1, 300, credit: false)).Length);
        await rig.Peer.SendAsync(Frame.WindowUpdate(1, 300));
        Assert.Equal(200, (await rig.Peer.ReadDataAsync(1, 200, credit: false)).Length);
        Assert.False((await write.WaitAsync(FramePeer.Timeout)).IsCompleted);
    }

    [Fact]
    public async Task Write_BeyondTheConnectionWindow_TunnelsShareTheNextCredit()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAsClientAsync((SettingId.InitialWindowSize, 1 << 20));
        Tunnel one = await OpenAsync(rig, 1);
        Tunnel two = await OpenAsync(rig, 3);
        Task first = one.Output.WriteAsync(new byte[200_000]).AsTask();
        Task second = two.Output.WriteAsync(new byte[200_000]).AsTask();
        int[] bytes = new int[4];
        await ReadAsync(rig, bytes, 65535);
        await rig.Peer.SendAsync(Frame.WindowUpdate(0, 150_000));
        await ReadAsync(rig, bytes, 65535 + 150_000);
        // In turn, 64 KiB each: neither has taken all.
        Assert.InRange(bytes[3], 60_000, 90_000);
        await rig.Peer.SendAsync(Frame.WindowUpdate(0, 200_000));
        await ReadAsync(rig, bytes, 400_000);
        await Task.WhenAll(first, second).WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Settings_SmallerWindowInMidStream_MayBecomeNegativeAndMustRecover()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAsClientAsync((SettingId.InitialWindowSize, 1000));
        Tunnel tunnel = await OpenAsync(rig, 1);
        Task write = tunnel.Output.WriteAsync(new byte[2000]).AsTask();
        await rig.Peer.ReadDataAsync(1, 1000, credit: false);
        await rig.Peer.SendAsync(Frame.Settings((SettingId.InitialWindowSize, 100)));
        await rig.Peer.ReadAsync(FrameType.Settings);
        // The window is -900 now.
        await rig.Peer.SendAsync(Frame.WindowUpdate(1, 900));
        await rig.Peer.SendAsync(Frame.Ping(1));
        Assert.Equal(FrameType.Ping, (await rig.Peer.ReadAsync())!.Type);
        await rig.Peer.SendAsync(Frame.WindowUpdate(1, 50));
        Assert.Equal(50, (await rig.Peer.ReadDataAsync(1, 50, credit: false)).Length);
        await rig.Peer.SendAsync(Frame.Settings((SettingId.InitialWindowSize, 10_000)));
        await rig.Peer.ReadDataAsync(1, 950, credit: false);
        await write.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Write_LargerThanThePeersFrames_IsCut()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAsClientAsync();
        Tunnel tunnel = await OpenAsync(rig, 1);
        Task write = tunnel.Output.WriteAsync(new byte[40_000]).AsTask();
        int[] lengths = [(await rig.Peer.ReadAsync(FrameType.Data)).Payload.Length, (await rig.Peer.ReadAsync(FrameType.Data)).Payload.Length, (await rig.Peer.ReadAsync(FrameType.Data)).Payload.Length];
        Assert.Equal([16384, 16384, 7232], lengths);
        await write.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Read_NothingConsumed_NoCreditAndThePeerIsHeldAtTheWindow()
    {
        await using var rig = new ServerRig(_script, new ConnectionOptions { StreamWindowBytes = 100_000 }, bufferBytes: 4 << 20);
        await rig.Peer.StartAsClientAsync();
        Tunnel tunnel = await OpenAsync(rig, 1);
        await rig.Peer.SendAsync(Frame.Data(1, new byte[60_000]));
        await rig.Peer.SendAsync(Frame.Data(1, new byte[40_000]));
        await rig.Peer.SendAsync(Frame.Ping(1));
        Assert.Equal(FrameType.Ping, (await rig.Peer.ReadAsync(FrameType.Ping)).Type);
        ReadResult read = await ReadAllAsync(tunnel, 100_000);
        tunnel.Input.AdvanceTo(read.Buffer.End);
        Frame update = await rig.Peer.ReadAsync(FrameType.WindowUpdate);
        Assert.Equal((1, 100_000), (update.StreamId, update.Number));
    }

    [Fact]
    public async Task Read_InSmallPieces_CreditReturnsInFewFrames()
    {
        await using var rig = new ServerRig(_script, new ConnectionOptions { StreamWindowBytes = 64 << 10, ConnectionWindowBytes = 256 << 10 });
        await rig.Peer.StartAsClientAsync();
        Tunnel tunnel = await OpenAsync(rig, 1);
        Task reading = Task.Run(async () =>
        {
            for (int left = 1 << 20; left > 0;)
            {
                ReadResult result = await tunnel.Input.ReadAsync();
                left -= (int)result.Buffer.Length;
                tunnel.Input.AdvanceTo(result.Buffer.End);
            }
        });
        int streamCredit = 64 << 10;
        int connectionCredit = 256 << 10;
        int updates = 0;
        for (int left = 1 << 20; left > 0; left -= 1024)
        {
            while (streamCredit < 1024 || connectionCredit < 1024)
            {
                Frame update = await rig.Peer.ReadAsync(FrameType.WindowUpdate);
                updates++;
                if (update.StreamId == 0)
                    connectionCredit += update.Number;
                else
                    streamCredit += update.Number;
            }
            await rig.Peer.SendAsync(Frame.Data(1, new byte[1024]));
            streamCredit -= 1024;
            connectionCredit -= 1024;
        }
        await reading.WaitAsync(FramePeer.Timeout);
        Assert.InRange(updates, 10, 50);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Discarded_BytesOfAnEndedTunnel_GiveTheConnectionItsCreditBack(bool aborted)
    {
        await using var rig = new ServerRig(_script, new ConnectionOptions { StreamWindowBytes = 64 << 10, ConnectionWindowBytes = 256 << 10 });
        await rig.Peer.StartAsClientAsync();
        // Without the credit the fifth tunnel could not send any more.
        for (int id = 1; id < 20; id += 2)
        {
            Tunnel tunnel = await OpenAsync(rig, id);
            if (aborted)
                tunnel.Abort(TunnelReset.Cancel);
            else
                await tunnel.Input.CompleteAsync();
            await rig.Peer.SendAsync(Frame.Data(id, new byte[60_000]));
        }
        await rig.Peer.SendAsync(Frame.Ping(9));
        int credit = 0;
        while (await rig.Peer.ReadAsync() is { } frame && frame.Type != FrameType.Ping)
            credit += frame is { Type: FrameType.WindowUpdate, StreamId: 0 } ? frame.Number : 0;
        Assert.InRange(credit, 450_000, 600_000 + (256 << 10));
    }

    [Fact]
    public async Task UnreadBytes_ReaderCompletes_CreditReturns()
    {
        await using var rig = new ServerRig(_script, new ConnectionOptions { StreamWindowBytes = 64 << 10, ConnectionWindowBytes = 256 << 10 });
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ReadAsync(FrameType.WindowUpdate);
        for (int id = 1; id <= 5; id += 2)
        {
            Tunnel tunnel = await OpenAsync(rig, id);
            await rig.Peer.SendAsync(Frame.Data(id, new byte[60_000]));
            await ReadAllAsync(tunnel, 60_000);
            await tunnel.Input.CompleteAsync();
        }
        while ((await rig.Peer.ReadAsync(FrameType.WindowUpdate)).StreamId != 0)
        {
        }
    }

    [Fact]
    public async Task Padding_CountsAndIsCredited()
    {
        await using var rig = new ServerRig(_script, new ConnectionOptions { StreamWindowBytes = 64 << 10, ConnectionWindowBytes = 256 << 10 });
        await rig.Peer.StartAsClientAsync();
        await OpenAsync(rig, 1);
        byte[] padded = new byte[250];
        padded[0] = 248;
        padded[1] = (byte)'x';
        for (int i = 0; i < 140; i++)
            await rig.Peer.SendAsync(new Frame(FrameType.Data, FrameFlags.Padded, 1, padded));
        Frame update;
        do
            update = await rig.Peer.ReadAsync(FrameType.WindowUpdate);
        while (update.StreamId == 0);
        Assert.True(update.Number >= 32 << 10);
    }

    [Fact]
    public async Task CancelledFlush_BytesGoWithTheNext()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAsClientAsync((SettingId.InitialWindowSize, 10));
        Tunnel tunnel = await OpenAsync(rig, 1);
        byte[] bytes = [.. Enumerable.Range(0, 30).Select(i => (byte)i)];
        Task<FlushResult> write = tunnel.Output.WriteAsync(bytes).AsTask();
        await rig.Peer.ReadDataAsync(1, 10, credit: false);
        tunnel.Output.CancelPendingFlush();
        Assert.True((await write.WaitAsync(FramePeer.Timeout)).IsCanceled);
        Assert.Equal(20, tunnel.Output.UnflushedBytes);
        Task<FlushResult> next = tunnel.Output.WriteAsync(new byte[] { 30, 31 }).AsTask();
        await rig.Peer.SendAsync(Frame.WindowUpdate(1, 100));
        Assert.Equal([.. bytes.Skip(10), 30, 31], await rig.Peer.ReadDataAsync(1, 22, credit: false));
        await next.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Complete_WithBytesThatWait_EndStreamFollowsThem()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAsClientAsync((SettingId.InitialWindowSize, 10));
        Tunnel tunnel = await OpenAsync(rig, 1);
        tunnel.Output.GetSpan(25);
        tunnel.Output.Advance(25);
        await tunnel.Output.CompleteAsync();
        Frame first = await rig.Peer.ReadAsync(FrameType.Data);
        Assert.Equal((10, false), (first.Payload.Length, first.EndsStream));
        await rig.Peer.SendAsync(Frame.WindowUpdate(1, 100));
        Frame last = await rig.Peer.ReadAsync(FrameType.Data);
        Assert.Equal((15, true), (last.Payload.Length, last.EndsStream));
        await rig.Peer.SendAsync(Frame.Data(1, [], end: true));
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Reset_WhileAWriteWaits_TheWriteEnds()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAsClientAsync((SettingId.InitialWindowSize, 10));
        Tunnel tunnel = await OpenAsync(rig, 1);
        Task<FlushResult> write = tunnel.Output.WriteAsync(new byte[100]).AsTask();
        await rig.Peer.SendAsync(Frame.Reset(1, ErrorCode.Cancel));
        Assert.True((await write.WaitAsync(FramePeer.Timeout)).IsCompleted);
    }

    [Fact]
    public async Task Ping_WhileTheOutputIsFull_IsAnsweredBeforeTheBytesThatWait()
    {
        await using var rig = new ServerRig(_script, bufferBytes: 64 << 10);
        await rig.Peer.StartAsClientAsync((SettingId.InitialWindowSize, 16 << 20));
        await rig.Peer.SendAsync(Frame.WindowUpdate(0, 64 << 20));
        Tunnel tunnel = await OpenAsync(rig, 1);
        Task write = tunnel.Output.WriteAsync(new byte[8 << 20]).AsTask();
        await rig.Peer.SendAsync(Frame.Ping(5));
        int before = 0;
        while (await rig.Peer.ReadAsync() is { } frame && frame.Type != FrameType.Ping)
            before += frame.Payload.Length;
        Assert.InRange(before, 1, 1 << 20);
        await rig.Peer.ReadDataAsync(1, (8 << 20) - before, credit: false);
        await write.WaitAsync(FramePeer.Timeout);
    }

    private async Task<Tunnel> OpenAsync(ServerRig rig, int streamId)
    {
        await rig.Peer.ConnectAsync(streamId);
        return await _script.NextTunnelAsync();
    }

    private static async Task ReadAsync(ServerRig rig, int[] bytes, int total)
    {
        while (bytes.Sum() < total)
        {
            Frame frame = await rig.Peer.ReadAsync(FrameType.Data);
            bytes[frame.StreamId] += frame.Payload.Length;
        }
        Assert.Equal(total, bytes.Sum());
    }

    private static async Task<ReadResult> ReadAllAsync(Tunnel tunnel, int bytes)
    {
        while (true)
        {
            ReadResult result = await tunnel.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);
            if (result.Buffer.Length >= bytes)
                return result;
            tunnel.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
