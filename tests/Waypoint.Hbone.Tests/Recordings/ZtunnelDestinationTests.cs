using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tests.Testing;

namespace Waypoint.Hbone.Tests.Recordings;

/// <summary>The bytes of a real destination ztunnel, sent to our originator.</summary>
public sealed class ZtunnelDestinationTests
{
    [Fact]
    public async Task Replay_EveryRecording_AnswersAreUnderstood()
    {
        int recordings = 0;
        foreach (Recording recording in Recording.Load("destination-*.json"))
        {
            await ReplayAsync(recording);
            recordings++;
        }
        Assert.True(recordings >= 5, $"Only {recordings} recordings.");
    }

    [Fact]
    public async Task Replay_Connect_BaggageAndBytesArrive()
    {
        (Dictionary<int, PendingConnect> connects, string text) = await ReplayAsync(Recording.Load("destination-connect.json").Single());
        Assert.Equal("pong!", text);
        Assert.All(connects.Values, c => Assert.StartsWith("k8s.cluster.name=Kubernetes,", c.Tunnel.ResponseHeader("baggage"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_Drain_UnansweredConnectIsGivenUpAndTheOpenTunnelGoesOn()
    {
        Recording recording = Recording.Load("destination-drain.json").Single();
        await using var rig = new ClientRig();
        await rig.ReadPrefaceAsync();
        Dictionary<int, PendingConnect> connects = [];
        foreach (Recording.Step step in recording.Steps)
        {
            await StepAsync(rig, step, connects);
            if (step is { FromZtunnel: true, Type: "PING" })
            {
                await rig.Peer.ReadAsync(FrameType.Ping);
                Assert.Null(rig.Connection.TryOpen(ClientRig.Target));
            }
        }
        rig.Tick(3);
        // The recorder opened stream 3 after the first GOAWAY; ours does not even try.
        Assert.Equal([1], connects.Keys);
        ReadResult read = await connects[1].Tunnel.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);
        Assert.Equal("yes", Encoding.ASCII.GetString(read.Buffer));
    }

    private static async Task<(Dictionary<int, PendingConnect> Connects, string Text)> ReplayAsync(Recording recording)
    {
        await using var rig = new ClientRig();
        await rig.ReadPrefaceAsync();
        Dictionary<int, PendingConnect> connects = [];
        foreach (Recording.Step step in recording.Steps)
            await StepAsync(rig, step, connects);
        foreach ((int id, PendingConnect connect) in connects)
            await CheckAsync(recording, id, connect);
        string text = "";
        if (recording.Steps.Any(s => s is { FromZtunnel: true, Type: "DATA", Stream: 1 }) && connects.TryGetValue(1, out PendingConnect? first))
        {
            ReadResult read = await first.Tunnel.Input.ReadAsync().AsTask().WaitAsync(FramePeer.Timeout);
            text = Encoding.ASCII.GetString(read.Buffer);
            first.Tunnel.Input.AdvanceTo(read.Buffer.End);
        }
        return (connects, text);
    }

    // Where the recorder sent HEADERS we open a tunnel, so that the stream numbers agree; every frame of ztunnel is sent as it was.
    private static async Task StepAsync(ClientRig rig, Recording.Step step, Dictionary<int, PendingConnect> connects)
    {
        if (step.FromZtunnel)
        {
            await rig.Peer.SendAsync(step.Bytes);
            if (step.Type == "HEADERS" && connects.TryGetValue(step.Stream, out PendingConnect? connect))
                await connect.Answer.WaitAsync(FramePeer.Timeout);
        }
        else if (step.Type == "HEADERS" && rig.Connection.TryOpen(ClientRig.Target) is { } pending)
        {
            Assert.Equal(step.Stream, pending.Tunnel.StreamId);
            connects.Add(step.Stream, pending);
        }
    }

    private static async Task CheckAsync(Recording recording, int id, PendingConnect connect)
    {
        Recording.Step? headers = recording.Steps.FirstOrDefault(s => s.FromZtunnel && s.Type == "HEADERS" && s.Stream == id);
        Recording.Step? reset = recording.Steps.FirstOrDefault(s => s.FromZtunnel && s.Type == "RST_STREAM" && s.Stream == id);
        if (headers is null && reset is null)
            return;
        ConnectAnswer answer = await connect.Answer.WaitAsync(FramePeer.Timeout);
        if (headers is null)
        {
            Assert.Equal((ConnectAnswer.Kind.Reset, ErrorCode.ProtocolError), (answer.Outcome, answer.Code));
            return;
        }
        int status = int.Parse(headers.Headers.Single(h => h.Name == ":status").Value, CultureInfo.InvariantCulture);
        Assert.Equal(status == 200 ? ConnectAnswer.Kind.Opened : ConnectAnswer.Kind.Rejected, answer.Outcome);
        if (status != 200)
            Assert.Equal(status, answer.Status);
    }
}
