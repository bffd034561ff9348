using System.Net;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Originate;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>A <see cref="ClientConnection"/> over memory with a frame peer as the server.</summary>
internal sealed class ClientRig : IAsyncDisposable
{
    private readonly DuplexStream _server;
    private int _tick;

    public ClientRig(TunnelPoolOptions? options = null)
    {
        (DuplexStream client, _server) = DuplexStream.CreatePair();
        Connection = new ClientConnection(new Transport(client, client, TimeProvider.System), Identities.Peer, options ?? new TunnelPoolOptions(), new ConsoleLog());
        Peer = new FramePeer(_server);
        Connection.Start();
        Running = Connection.RunAsync();
    }

    public static TunnelTarget Target { get; } = new()
    {
        HboneAddress = new IPEndPoint(IPAddress.Parse("10.244.1.9"), 15008),
        Authority = "10.244.1.9:8080",
        Expected = ExpectedPeer.Anybody,
    };

    public ClientConnection Connection { get; }

    public FramePeer Peer { get; }

    public Task Running { get; }

    /// <summary>Opens a stream and reads its CONNECT at the other end.</summary>
    public async Task<PendingConnect> OpenAsync(TunnelTarget? target = null)
    {
        PendingConnect? pending = Connection.TryOpen(target ?? Target);
        Assert.NotNull(pending);
        Assert.Equal(pending.Tunnel.StreamId, (await Peer.ReadAsync(FrameType.Headers)).StreamId);
        return pending;
    }

    /// <summary>Reads the client's preface and answers with SETTINGS.</summary>
    public async Task StartServerAsync(params (SettingId Id, uint Value)[] settings)
    {
        await ReadPrefaceAsync();
        await Peer.SendAsync(Frame.Settings(settings));
        while (!(await Peer.ReadAsync(FrameType.Settings)).IsAck)
        {
        }
    }

    public async Task ReadPrefaceAsync()
    {
        byte[] preface = new byte[FrameReader.Preface.Length];
        await _server.ReadExactlyAsync(preface).AsTask().WaitAsync(FramePeer.Timeout);
        Assert.Equal(FrameReader.Preface.ToArray(), preface);
    }

    public Task AnswerAsync(int streamId, string status, bool end = false) => Peer.HeadersAsync(streamId, end, (":status", status));

    public void Tick(int seconds)
    {
        for (int i = 0; i < seconds; i++)
            Connection.OnTick(TimeSpan.FromSeconds(1000 + ++_tick));
    }

    public void Disconnect() => _server.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Running.WaitAsync(FramePeer.Timeout);
    }
}
