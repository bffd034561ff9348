using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Tests.Terminate;

/// <summary>Keepalive and the graceful end, on a scripted clock.</summary>
public sealed class ConnectionLifeTests
{
    private readonly ConnectScript _script = ConnectScript.AcceptAll();

    [Fact]
    public async Task Silence_PingAfterTheIntervalAndCloseAfterTheTimeout()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAndWaitAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel tunnel = await _script.NextTunnelAsync();
        rig.Tick(11);
        Frame ping = await rig.Peer.ReadAsync(FrameType.Ping);
        Assert.False(ping.IsAck);
        rig.Tick(19);
        Assert.False(tunnel.Closed.IsCompleted);
        rig.Tick(1);
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
        Assert.True(tunnel.ResetByPeer);
        Assert.Equal(ErrorCode.NoError, (await rig.Peer.ReadAsync(FrameType.GoAway)).Code);
    }

    [Fact]
    public async Task PingAnswered_ConnectionLivesOn()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAndWaitAsClientAsync();
        for (int i = 0; i < 5; i++)
        {
            rig.Tick(11);
            Frame ping = await rig.Peer.ReadAsync(FrameType.Ping);
            await rig.Peer.SendAsync(ping with { Flags = FrameFlags.Ack });
            // Its own PING shows that the answer has been read.
            await rig.Peer.SendAsync(Frame.Ping(1));
            Assert.True((await rig.Peer.ReadAsync(FrameType.Ping)).IsAck);
            rig.Tick(1);
        }
        Assert.False(rig.Running.IsCompleted);
    }

    [Fact]
    public async Task Drain_TwoGoAwaysAndTheLastTunnelEndsTheConnection()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAndWaitAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel tunnel = await _script.NextTunnelAsync();
        rig.Connection.Drain();
        Frame first = await rig.Peer.ReadAsync(FrameType.GoAway);
        Assert.Equal((int.MaxValue, ErrorCode.NoError), (first.Number, first.Code));
        Frame ping = await rig.Peer.ReadAsync(FrameType.Ping);
        await rig.Peer.SendAsync(ping with { Flags = FrameFlags.Ack });
        // Under way when the first GOAWAY was sent: still served.
        await rig.Peer.ConnectAsync(3);
        Assert.Equal("200", await rig.Peer.ReadStatusAsync());
        Tunnel late = await _script.NextTunnelAsync();
        rig.Tick(3);
        Frame second = await rig.Peer.ReadAsync(FrameType.GoAway);
        Assert.Equal(3, second.Number);
        await rig.Peer.ConnectAsync(5);
        Assert.Equal(ErrorCode.RefusedStream, (await rig.Peer.ReadAsync(FrameType.ResetStream)).Code);
        late.Abort(TunnelReset.Cancel);
        Assert.False(rig.Running.IsCompleted);
        await rig.Peer.SendAsync(Frame.Data(1, [], end: true));
        await tunnel.Output.CompleteAsync();
        await rig.Running.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Drain_PingNeverAnswered_FinalGoAwayAllTheSame()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAndWaitAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        await _script.NextTunnelAsync();
        rig.Connection.Drain();
        await rig.Peer.ReadAsync(FrameType.GoAway);
        rig.Tick(6);
        Assert.Equal(1, (await rig.Peer.ReadAsync(FrameType.GoAway)).Number);
    }

    [Fact]
    public async Task PeerGoesAway_WithoutTunnels_Closed()
    {
        await using var rig = new ServerRig(_script);
        await rig.Peer.StartAndWaitAsClientAsync();
        await rig.Peer.SendAsync(Frame.GoAway(0, ErrorCode.NoError));
        await rig.Running.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public void KeepAlive_AnyFrame_ResetsTheSilence()
    {
        var keepAlive = new KeepAlive(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        var actions = new List<KeepAlive.Action>();
        for (int second = 1; second <= 60; second++)
            actions.Add(keepAlive.OnTick(TimeSpan.FromSeconds(second), received: second is 5 or 25));
        Assert.Equal([15, 35], actions.Select((action, i) => (action, i)).Where(a => a.action == KeepAlive.Action.SendPing).Select(a => a.i + 1));
        Assert.Equal(55, actions.FindIndex(a => a == KeepAlive.Action.Close) + 1);
    }
}
