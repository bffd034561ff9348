using System.Net;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Terminate;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>A <see cref="ServerConnection"/> over memory with a frame peer at the other end.</summary>
internal sealed class ServerRig : IAsyncDisposable
{
    private readonly DuplexStream _client;

    public ServerRig(IConnectHandler handler, ConnectionOptions? options = null, int maxStreams = 1024, int bufferBytes = 1 << 20)
    {
        (DuplexStream server, _client) = DuplexStream.CreatePair(bufferBytes);
        var listener = new HboneListenerOptions { EndPoints = [new IPEndPoint(IPAddress.Loopback, 0)], Connection = options ?? new(), MaxConcurrentStreams = maxStreams };
        Connection = new ServerConnection(new Transport(server, server, TimeProvider.System), Identities.Peer, listener, handler, new ConsoleLog());
        Peer = new FramePeer(_client);
        Connection.Start();
        Running = Connection.RunAsync();
    }

    public ServerConnection Connection { get; }

    public FramePeer Peer { get; }

    public Task Running { get; }

    /// <summary>Moves the connection's coarse clock.</summary>
    public void Tick(int seconds)
    {
        for (int i = 0; i < seconds; i++)
            Connection.OnTick(TimeSpan.FromSeconds(1000 + ++_tick));
    }

    private int _tick;

    /// <summary>The client goes away.</summary>
    public void Disconnect() => _client.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await Running.WaitAsync(FramePeer.Timeout);
    }
}
