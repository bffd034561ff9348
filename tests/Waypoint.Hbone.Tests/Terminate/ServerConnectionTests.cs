using System.IO.Pipelines;
using System.Text;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Tests.Terminate;

public sealed class ServerConnectionTests
{
    [Fact]
    public async Task Start_BothSides_SettingsAreAnnouncedAndAcknowledged()
    {
        await using var rig = new ServerRig(ConnectScript.AcceptAll());
        await rig.Peer.StartAsClientAsync((SettingId.EnablePush, 0));
        Frame settings = (await rig.Peer.ReadAsync())!;
        Assert.Equal((FrameType.Settings, false), (settings.Type, settings.IsAck));
        Frame window = (await rig.Peer.ReadAsync())!;
        Assert.Equal((FrameType.WindowUpdate, 0, (16 << 20) - 65535), (window.Type, window.StreamId, window.Number));
        Assert.True((await rig.Peer.ReadAsync())!.IsAck);
    }

    [Fact]
    public async Task Connect_Accepted_BytesFlowBothWaysAndHalfCloseKeepsTheOtherDirection()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.HeadersAsync(1, end: false, (":method", "CONNECT"), (":authority", "10.96.4.7:80"), ("baggage", "a=b"), ("baggage", "c=d"));
        ConnectRequest request = await script.NextRequestAsync();
        Assert.Equal(("10.96.4.7:80", "10.96.4.7", 80, "a=b,c=d"), (request.Authority, request.Host, request.Port, request.Header("baggage")));
        Assert.Equal((Identities.Client, Identities.Waypoint), (request.PeerIdentity, request.LocalIdentity));
        Tunnel tunnel = await script.NextTunnelAsync();
        Assert.Equal("200", await rig.Peer.ReadStatusAsync());

        await rig.Peer.SendAsync(Frame.Data(1, "hello"u8.ToArray(), end: true));
        Assert.Equal("hello", await ReadToEndAsync(tunnel.Input));
        Assert.False(tunnel.Closed.IsCompleted);
        await tunnel.Output.WriteAsync("answer"u8.ToArray());
        await tunnel.Output.CompleteAsync();
        Assert.Equal("answer", Encoding.ASCII.GetString(await rig.Peer.ReadDataAsync(1)));
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
        Assert.Null(tunnel.Reset);
        Assert.Equal(0, rig.Connection.TunnelCount);
    }

    [Fact]
    public async Task OutputCompleted_PeerStillSends_ItsBytesStillArrive()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel tunnel = await script.NextTunnelAsync();
        await tunnel.Output.CompleteAsync();
        Assert.True((await rig.Peer.ReadAsync(FrameType.Data)).EndsStream);
        await rig.Peer.SendAsync(Frame.Data(1, "later"u8.ToArray(), end: true));
        Assert.Equal("later", await ReadToEndAsync(tunnel.Input));
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:65536")]
    [InlineData("10.0.0.1:80x")]
    [InlineData("10.0.0.1:+80")]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("*:80")]
    [InlineData("a@b:80")]
    [InlineData("1.2.3:80")]
    [InlineData("0x7f.1:80")]
    [InlineData("0177.0.0.1:80")]
    [InlineData("fd00::7:80")]
    [InlineData("[fe80::1%eth0]:80")]
    [InlineData("host/path:80")]
    [InlineData("host name:80")]
    public async Task Connect_BadAuthority_400AndTheConnectionLives(string authority)
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1, authority);
        (Frame frame, Dictionary<string, string> fields) = await rig.Peer.ReadHeadersAsync();
        Assert.Equal(("400", true), (fields[":status"], frame.EndsStream));
        Assert.Equal(ErrorCode.NoError, (await rig.Peer.ReadAsync(FrameType.ResetStream)).Code);
        await rig.Peer.ConnectAsync(3);
        Assert.Equal("200", await rig.Peer.ReadStatusAsync());
    }

    [Theory]
    [InlineData("10.96.4.7:80", "10.96.4.7")]
    [InlineData("[fd00::7]:80", "fd00::7")]
    [InlineData("[FD00:0::7]:80", "fd00::7")]
    [InlineData("[::ffff:10.0.0.1]:80", "10.0.0.1")]
    [InlineData("Svc.ns.svc.cluster.local.:80", "svc.ns.svc.cluster.local")]
    public async Task Connect_GoodAuthority_HostIsCanonical(string authority, string host)
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1, authority);
        ConnectRequest request = await script.NextRequestAsync();
        Assert.Equal((host, 80), (request.Host, request.Port));
        Assert.Equal("200", await rig.Peer.ReadStatusAsync());
    }

    public static TheoryData<string[]> MalformedRequests => new()
    {
        new[] { ":method=CONNECT", ":authority=10.0.0.1:80", ":scheme=http", ":path=/" },
        new[] { ":method=CONNECT", ":authority=10.0.0.1:80", ":protocol=websocket" },
        new[] { ":method=CONNECT", ":authority=10.0.0.1:80", ":authority=10.0.0.1:80" },
        new[] { ":method=CONNECT", "baggage=x", ":authority=10.0.0.1:80" },
        new[] { ":method=CONNECT", ":authority=10.0.0.1:80", "Baggage=x" },
        new[] { ":method=CONNECT", ":authority=10.0.0.1:80", "connection=close" },
        new[] { ":method=CONNECT", ":authority=10.0.0.1:80", "te=gzip" },
        new[] { ":method=CONNECT", ":authority=10.0.0.1:80", "transfer-encoding=chunked" },
        new[] { ":method=CONNECT", ":authority=10.0.0.1:80", "baggage=a\r\nb" },
        new[] { ":method=CONNECT", ":authority=10.0.0.1:80", "baggage=a\0b" },
        new[] { ":authority=10.0.0.1:80" },
    };

    [Theory]
    [MemberData(nameof(MalformedRequests))]
    public async Task Connect_Malformed_StreamIsResetAndTheConnectionLives(string[] fields)
    {
        await using var rig = new ServerRig(ConnectScript.AcceptAll());
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.HeadersAsync(1, end: false, [.. fields.Select(f => f.Split('=', 2)).Select(f => (f[0], f[1]))]);
        Frame reset = await rig.Peer.ReadAsync(FrameType.ResetStream);
        Assert.Equal((1, ErrorCode.ProtocolError), (reset.StreamId, reset.Code));
        await rig.Peer.ConnectAsync(3);
        Assert.Equal("200", await rig.Peer.ReadStatusAsync());
    }

    [Fact]
    public async Task Request_OtherMethod_404()
    {
        await using var rig = new ServerRig(ConnectScript.AcceptAll());
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.HeadersAsync(1, end: true, (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a:80"));
        Assert.Equal("404", await rig.Peer.ReadStatusAsync());
        await rig.Peer.ConnectAsync(3);
        Assert.Equal("200", await rig.Peer.ReadStatusAsync());
    }

    [Fact]
    public async Task Connect_HeaderListTooLarge_431AndTheConnectionLives()
    {
        await using var rig = new ServerRig(ConnectScript.AcceptAll());
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.HeadersAsync(1, end: false, (":method", "CONNECT"), (":authority", "10.0.0.1:80"), ("baggage", new string('x', 30_000)));
        Assert.Equal("431", await rig.Peer.ReadStatusAsync());
        await rig.Peer.ConnectAsync(3);
        Assert.Equal("200", await rig.Peer.ReadStatusAsync());
    }

    [Fact]
    public async Task Connect_HeadersInContinuationFrames_AreOneBlock()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        byte[] block = FramePeer.Encode((":method", "CONNECT"), (":authority", "10.0.0.1:80"));
        await rig.Peer.SendAsync(new Frame(FrameType.Headers, FrameFlags.None, 1, block[..5]));
        await rig.Peer.SendAsync(new Frame(FrameType.Continuation, FrameFlags.None, 1, block[5..9]));
        await rig.Peer.SendAsync(new Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, block[9..]));
        Assert.Equal("10.0.0.1:80", (await script.NextRequestAsync()).Authority);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(503)]
    public async Task Reject_AnyStatus_EndStreamAndResetNoError(int status)
    {
        await using var rig = new ServerRig(new ConnectScript(request =>
        {
            request.Reject(status);
            return null;
        }));
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        (Frame frame, Dictionary<string, string> fields) = await rig.Peer.ReadHeadersAsync();
        Assert.Equal(($"{status}", true), (fields[":status"], frame.EndsStream));
        Frame reset = (await rig.Peer.ReadAsync())!;
        Assert.Equal((FrameType.ResetStream, 1, ErrorCode.NoError), (reset.Type, reset.StreamId, reset.Code));
    }

    [Fact]
    public async Task Reject_ThousandTimesEachAnsweredWithCancel_TheConnectionLives()
    {
        await using var rig = new ServerRig(new ConnectScript(static request =>
        {
            request.Reject(503);
            return null;
        }));
        await rig.Peer.StartAsClientAsync();
        for (int id = 1; id < 2000; id += 2)
        {
            await rig.Peer.ConnectAsync(id);
            Assert.Equal("503", await rig.Peer.ReadStatusAsync());
            await rig.Peer.SendAsync(Frame.Reset(id, ErrorCode.Cancel));
        }
    }

    [Fact]
    public async Task Handler_Throws_503()
    {
        await using var rig = new ServerRig(new ConnectScript(static _ => throw new InvalidOperationException("bug")));
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Assert.Equal("503", await rig.Peer.ReadStatusAsync());
    }

    [Fact]
    public async Task Handler_ReturnsWithoutAnswer_503()
    {
        await using var rig = new ServerRig(new ConnectScript(static _ => null));
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Assert.Equal("503", await rig.Peer.ReadStatusAsync());
    }

    [Fact]
    public async Task Handler_ClientResetsBeforeTheAnswer_TokenIsCancelled()
    {
        var script = new ConnectScript();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        await script.NextRequestAsync();
        await rig.Peer.SendAsync(Frame.Reset(1, ErrorCode.Cancel));
        await rig.Peer.SendAsync(Frame.Ping(7));
        Assert.Equal(7, (await rig.Peer.ReadAsync(FrameType.Ping)).Payload[7]);
        Assert.Equal(0, rig.Connection.TunnelCount);
    }

    [Fact]
    public async Task Connect_AboveTheLimit_RefusedStream()
    {
        await using var rig = new ServerRig(ConnectScript.AcceptAll(), maxStreams: 2);
        await rig.Peer.StartAsClientAsync();
        for (int id = 1; id <= 3; id += 2)
        {
            await rig.Peer.ConnectAsync(id);
            Assert.Equal("200", await rig.Peer.ReadStatusAsync());
        }
        await rig.Peer.ConnectAsync(5);
        Frame reset = await rig.Peer.ReadAsync(FrameType.ResetStream);
        Assert.Equal((5, ErrorCode.RefusedStream), (reset.StreamId, reset.Code));
        await rig.Peer.SendAsync(Frame.Reset(1, ErrorCode.Cancel));
        await rig.Peer.ConnectAsync(7);
        Assert.Equal("200", await rig.Peer.ReadStatusAsync());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(2)]
    [InlineData(999)]
    public async Task PeerResets_ReaderAndWriterLearnItAndSiblingsLive(int code)
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel tunnel = await script.NextTunnelAsync();
        await rig.Peer.ConnectAsync(3);
        Tunnel sibling = await script.NextTunnelAsync();
        Task<ReadResult> read = tunnel.Input.ReadAsync().AsTask();
        await rig.Peer.SendAsync(Frame.Reset(1, (ErrorCode)code));
        TunnelResetException error = await Assert.ThrowsAsync<TunnelResetException>(() => read.WaitAsync(FramePeer.Timeout));
        Assert.Equal(((TunnelReset)code, true), (error.Reset, error.ByPeer));
        Assert.True((await tunnel.Output.WriteAsync(new byte[10])).IsCompleted);
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
        await rig.Peer.SendAsync(Frame.Data(3, "x"u8.ToArray(), end: true));
        Assert.Equal("x", await ReadToEndAsync(sibling.Input));
    }

    [Fact]
    public async Task PeerResets_AfterEndStream_BytesBeforeTheEndStayReadable()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel tunnel = await script.NextTunnelAsync();
        await rig.Peer.SendAsync(Frame.Data(1, "all"u8.ToArray(), end: true));
        await rig.Peer.SendAsync(Frame.Reset(1, ErrorCode.NoError));
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
        Assert.Equal("all", await ReadToEndAsync(tunnel.Input));
    }

    [Fact]
    public async Task Abort_ByTheApplication_ResetWithItsCode()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel tunnel = await script.NextTunnelAsync();
        Task<ReadResult> read = tunnel.Input.ReadAsync().AsTask();
        tunnel.Abort(TunnelReset.InternalError);
        Assert.Equal(ErrorCode.InternalError, (await rig.Peer.ReadAsync(FrameType.ResetStream)).Code);
        Assert.False((await Assert.ThrowsAsync<TunnelResetException>(() => read.WaitAsync(FramePeer.Timeout))).ByPeer);
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
        // What is still on its way is taken without complaint, and its credit returned.
        await rig.Peer.SendAsync(Frame.Data(1, new byte[1000]));
        await rig.Peer.ConnectAsync(3);
        await script.NextTunnelAsync();
    }

    [Fact]
    public async Task PeerGone_EveryTunnelIsBroken()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel tunnel = await script.NextTunnelAsync();
        rig.Disconnect();
        Assert.True((await Assert.ThrowsAsync<TunnelResetException>(() => tunnel.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout))).ByPeer);
        await rig.Running.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task AppDone_PeerNeverEnds_ResetAfterTheLingerTime()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script, new ConnectionOptions { LingerTimeout = TimeSpan.FromSeconds(3) });
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel tunnel = await script.NextTunnelAsync();
        await tunnel.Output.CompleteAsync();
        await tunnel.Input.CompleteAsync();
        Assert.True((await rig.Peer.ReadAsync(FrameType.Data)).EndsStream);
        await rig.Peer.SendAsync(Frame.Data(1, new byte[100]));
        rig.Tick(4);
        Frame reset = await rig.Peer.ReadAsync(FrameType.ResetStream);
        Assert.Equal((1, ErrorCode.NoError), (reset.StreamId, reset.Code));
        await tunnel.Closed.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Trailers_AfterData_EndTheDirection()
    {
        var script = ConnectScript.AcceptAll();
        await using var rig = new ServerRig(script);
        await rig.Peer.StartAsClientAsync();
        await rig.Peer.ConnectAsync(1);
        Tunnel tunnel = await script.NextTunnelAsync();
        await rig.Peer.SendAsync(Frame.Data(1, "x"u8.ToArray()));
        await rig.Peer.HeadersAsync(1, end: true, ("grpc-status", "0"));
        Assert.Equal("x", await ReadToEndAsync(tunnel.Input));
    }

    private static async Task<string> ReadToEndAsync(PipeReader reader)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);
            if (result.IsCompleted)
            {
                string text = Encoding.ASCII.GetString(result.Buffer);
                reader.AdvanceTo(result.Buffer.End);
                return text;
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
