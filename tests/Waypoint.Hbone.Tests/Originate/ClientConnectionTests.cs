using System.IO.Pipelines;
using System.Text;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Tests.Originate;

/// <summary>Our originator against a server that does anything.</summary>
public sealed class ClientConnectionTests
{
    [Fact]
    public async Task Open_FirstBytes_PrefaceSettingsAndConnectWithTheAllowedFieldsOnly()
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        rig.Connection.TryOpen(ClientRig.Target with { Baggage = "a=b", IstioSource = "waypoint", ForwardedNetwork = "" });
        (Frame frame, Dictionary<string, string> fields) = await rig.Peer.ReadHeadersAsync();
        Assert.Equal((1, false), (frame.StreamId, frame.EndsStream));
        Assert.Equal([":method", ":authority", "baggage", "x-istio-source", "x-forwarded-network"], fields.Keys);
        Assert.Equal(("CONNECT", "10.244.1.9:8080", "a=b", "waypoint", ""), (fields[":method"], fields[":authority"], fields["baggage"], fields["x-istio-source"], fields["x-forwarded-network"]));
    }

    [Fact]
    public async Task Answer_InformationalThen200_TunnelOpens()
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        PendingConnect connect = await rig.OpenAsync();
        await rig.AnswerAsync(1, "103");
        await rig.Peer.HeadersAsync(1, end: false, (":status", "200"), ("baggage", "x=y"));
        await rig.Peer.SendAsync(Frame.Data(1, "banner"u8.ToArray()));
        Assert.Equal(ConnectAnswer.Kind.Opened, (await connect.Answer.WaitAsync(FramePeer.Timeout)).Outcome);
        Assert.Equal("x=y", connect.Tunnel.ResponseHeader("baggage"));
        ReadResult read = await connect.Tunnel.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);
        Assert.Equal("banner", Encoding.ASCII.GetString(read.Buffer));
    }

    [Theory]
    [InlineData("204")]
    [InlineData("301")]
    [InlineData("401")]
    [InlineData("503")]
    public async Task Answer_AnyOtherStatus_RejectedAndTheStreamIsFreed(string status)
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        PendingConnect connect = await rig.OpenAsync();
        await rig.AnswerAsync(1, status, end: true);
        await rig.Peer.SendAsync(Frame.Reset(1, ErrorCode.NoError));
        ConnectAnswer answer = await connect.Answer.WaitAsync(FramePeer.Timeout);
        Assert.Equal((ConnectAnswer.Kind.Rejected, status), (answer.Outcome, $"{answer.Status}"));
        Assert.Equal(0, rig.Connection.TunnelCount);
        await rig.OpenAsync();
    }

    [Fact]
    public async Task Answer_200WithEndStream_TunnelWhoseInputHasEnded()
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        PendingConnect connect = await rig.OpenAsync();
        await rig.AnswerAsync(1, "200", end: true);
        Assert.Equal(ConnectAnswer.Kind.Opened, (await connect.Answer.WaitAsync(FramePeer.Timeout)).Outcome);
        Assert.True((await connect.Tunnel.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout)).IsCompleted);
    }

    public static TheoryData<string> EvilAnswers => ["no-status", "bad-status", "two-pseudo", "data-first", "too-large", "headers-twice"];

    [Theory]
    [MemberData(nameof(EvilAnswers))]
    public async Task Answer_Malformed_StreamFailsAndTheOthersGoOn(string kind)
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        PendingConnect bad = await rig.OpenAsync();
        PendingConnect good = await rig.OpenAsync();
        switch (kind)
        {
            case "no-status":
                await rig.Peer.HeadersAsync(1, end: false, ("server", "x"));
                break;
            case "bad-status":
                await rig.AnswerAsync(1, "2x0");
                break;
            case "two-pseudo":
                await rig.Peer.HeadersAsync(1, end: false, (":status", "200"), (":path", "/"));
                break;
            case "too-large":
                await rig.Peer.HeadersAsync(1, end: false, (":status", "200"), ("baggage", new string('x', 20_000)));
                break;
            case "headers-twice":
                await rig.AnswerAsync(1, "200");
                await rig.AnswerAsync(1, "200");
                break;
            default:
                await rig.Peer.SendAsync(Frame.Data(1, [1]));
                break;
        }
        Frame reset = await rig.Peer.ReadAsync(FrameType.ResetStream);
        Assert.Equal((1, ErrorCode.ProtocolError), (reset.StreamId, reset.Code));
        ConnectAnswer answer = await bad.Answer.WaitAsync(FramePeer.Timeout);
        Assert.Equal(kind == "headers-twice" ? ConnectAnswer.Kind.Opened : ConnectAnswer.Kind.Reset, answer.Outcome);
        await bad.Tunnel.Closed.WaitAsync(FramePeer.Timeout);
        await rig.AnswerAsync(3, "200");
        Assert.Equal(ConnectAnswer.Kind.Opened, (await good.Answer.WaitAsync(FramePeer.Timeout)).Outcome);
    }

    [Fact]
    public async Task Answer_OnAStreamNeverOpened_ConnectionIsClosed()
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        await rig.AnswerAsync(7, "200");
        Assert.Equal(ErrorCode.ProtocolError, (await rig.Peer.ReadAsync(FrameType.GoAway)).Code);
        rig.Disconnect();
        await rig.Running.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task PushPromise_ConnectionIsClosed()
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        await rig.Peer.SendAsync(new Frame(FrameType.PushPromise, FrameFlags.EndHeaders, 1, [0, 0, 0, 2]));
        Assert.Equal(ErrorCode.ProtocolError, (await rig.Peer.ReadAsync(FrameType.GoAway)).Code);
    }

    [Fact]
    public async Task Settings_PeerAllowsFewStreams_NoMoreAreOpened()
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync((SettingId.MaxConcurrentStreams, 2));
        await rig.OpenAsync();
        await rig.OpenAsync();
        Assert.Null(rig.Connection.TryOpen(ClientRig.Target));
        await rig.Peer.SendAsync(Frame.Settings((SettingId.MaxConcurrentStreams, 3)));
        await rig.Peer.ReadAsync(FrameType.Settings);
        await rig.OpenAsync();
        await rig.Peer.SendAsync(Frame.Settings((SettingId.MaxConcurrentStreams, 1)));
        await rig.Peer.ReadAsync(FrameType.Settings);
        Assert.Null(rig.Connection.TryOpen(ClientRig.Target));
        Assert.Equal(3, rig.Connection.TunnelCount);
    }

    [Fact]
    public async Task GoAway_StreamsAboveTheLast_AreGivenUpAtOnceAndTheOthersAfterAGrace()
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        PendingConnect open = await rig.OpenAsync();
        await rig.AnswerAsync(1, "200");
        PendingConnect counted = await rig.OpenAsync();
        PendingConnect above = await rig.OpenAsync();
        await rig.Peer.SendAsync(Frame.GoAway(3, ErrorCode.NoError));
        Assert.Equal(ConnectAnswer.Kind.GoAway, (await above.Answer.WaitAsync(FramePeer.Timeout)).Outcome);
        Assert.False(counted.Answer.IsCompleted);
        Assert.Null(rig.Connection.TryOpen(ClientRig.Target));
        rig.Tick(2);
        Assert.Equal(ConnectAnswer.Kind.GoAway, (await counted.Answer.WaitAsync(FramePeer.Timeout)).Outcome);
        await rig.Peer.SendAsync(Frame.Data(1, "x"u8.ToArray()));
        Assert.Equal(1, (await open.Tunnel.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout)).Buffer.Length);
        // With the last tunnel the connection ends.
        open.Tunnel.Abort(TunnelReset.Cancel);
        Assert.Equal(ErrorCode.NoError, (await rig.Peer.ReadAsync(FrameType.GoAway)).Code);
        await rig.Running.WaitAsync(FramePeer.Timeout);
    }

    [Fact]
    public async Task Connection_EndsBeforeTheFirstFrame_LooksLikeARefusedCertificate()
    {
        await using var rig = new ClientRig();
        PendingConnect? connect = rig.Connection.TryOpen(ClientRig.Target);
        rig.Disconnect();
        Assert.Equal(ConnectAnswer.Kind.RefusedByTls, (await connect!.Answer.WaitAsync(FramePeer.Timeout)).Outcome);
    }

    [Fact]
    public async Task Connection_EndsLater_IsLost()
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        PendingConnect connect = await rig.OpenAsync();
        rig.Disconnect();
        Assert.Equal(ConnectAnswer.Kind.Lost, (await connect.Answer.WaitAsync(FramePeer.Timeout)).Outcome);
        Assert.Null(rig.Connection.TryOpen(ClientRig.Target));
    }

    [Fact]
    public async Task Abandon_Many_FewAreResetAtOnceAndTheRestWhenAnswered()
    {
        await using var rig = new ClientRig();
        await rig.StartServerAsync();
        var connects = new List<PendingConnect>();
        for (int i = 0; i < 50; i++)
            connects.Add(await rig.OpenAsync());
        foreach (PendingConnect connect in connects)
            rig.Connection.Abandon(connect);
        await rig.Peer.SendAsync(Frame.Ping(1));
        int resets = 0;
        while (await rig.Peer.ReadAsync() is { } frame && frame.Type != FrameType.Ping)
            resets += frame.Type == FrameType.ResetStream ? 1 : 0;
        Assert.InRange(resets, 1, 10);
        foreach (PendingConnect connect in connects.Skip(resets))
            await rig.AnswerAsync(connect.Tunnel.StreamId, "200");
        for (int i = resets; i < 50; i++)
            Assert.Equal(ErrorCode.Cancel, (await rig.Peer.ReadAsync(FrameType.ResetStream)).Code);
        Assert.Equal(0, rig.Connection.TunnelCount);
    }
}
