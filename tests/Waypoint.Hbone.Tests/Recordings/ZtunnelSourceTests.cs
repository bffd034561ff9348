using System.IO.Pipelines;
using Waypoint.Hbone.Terminate;
using Waypoint.Hbone.Tests.Testing;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Tests.Recordings;

/// <summary>The bytes of a real source ztunnel, sent to our terminator.</summary>
public sealed class ZtunnelSourceTests
{
    [Fact]
    public async Task Replay_EveryRecording_RequestsAndBytesAreUnderstood()
    {
        int recordings = 0;
        foreach (Recording recording in Recording.Load("source-*.json"))
        {
            await ReplayAsync(recording);
            recordings++;
        }
        Assert.True(recordings >= 8, $"Only {recordings} recordings.");
    }

    private static async Task ReplayAsync(Recording recording)
    {
        var received = new Dictionary<int, MemoryStream>();
        var requests = new List<ConnectRequest>();
        var pumps = new List<Task>();
        var script = new ConnectScript(request =>
        {
            requests.Add(request);
            Tunnel tunnel = request.Accept();
            received[request.StreamId] = new MemoryStream();
            pumps.Add(ReceiveAsync(tunnel, received[request.StreamId]));
            return tunnel;
        });
        await using var rig = new ServerRig(script);
        foreach (Recording.Step step in recording.Steps.Where(s => s.FromZtunnel))
        {
            await rig.Peer.SendAsync(step.Bytes);
            if (step.Type == "HEADERS")
                Assert.Equal("200", await rig.Peer.ReadStatusAsync());
        }
        rig.Disconnect();
        await rig.Running.WaitAsync(FramePeer.Timeout);
        await Task.WhenAll(pumps).WaitAsync(FramePeer.Timeout);

        Recording.Step[] headers = [.. recording.Steps.Where(s => s.FromZtunnel && s.Type == "HEADERS")];
        Assert.Equal(headers.Select(h => h.Stream), requests.Select(r => r.StreamId));
        foreach ((Recording.Step sent, ConnectRequest request) in headers.Zip(requests))
        {
            Assert.Equal(sent.Headers.Single(h => h.Name == ":authority").Value, request.Authority);
            Assert.All(sent.Headers.Where(h => h.Name[0] != ':'), h => Assert.Equal(h.Value, request.Header(h.Name)));
            byte[] expected = [.. recording.Steps.Where(s => s.FromZtunnel && s.Type == "DATA" && s.Stream == sent.Stream).SelectMany(s => s.Payload)];
            Assert.Equal(expected, received[sent.Stream].ToArray());
        }
    }

    private static async Task ReceiveAsync(Tunnel tunnel, MemoryStream target)
    {
        try
        {
            while (true)
            {
                ReadResult result = await tunnel.Input.ReadAsync();
                foreach (ReadOnlyMemory<byte> piece in result.Buffer)
                    target.Write(piece.Span);
                tunnel.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
            }
        }
        catch (TunnelResetException)
        {
            // The recording ends in the middle of this tunnel.
        }
    }
}
