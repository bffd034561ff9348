using System.Net;
using System.Net.Sockets;
using Waypoint.Hbone.Originate;

namespace Waypoint.Load.Shims;

/// <summary>The client's ztunnel: every TCP connection becomes a tunnel.</summary>
/// <param name="pool">Opens the tunnels.</param>
/// <param name="targets">One per HBONE connection; taken in turn.</param>
internal sealed class SourceShim(TunnelPool pool, IReadOnlyList<TunnelTarget> targets)
{
    private const int Backlog = 4096;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private int _turn;

    /// <summary>Listens until <paramref name="stop"/>.</summary>
    public async Task RunAsync(IPEndPoint listen, CancellationToken stop)
    {
        using var listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(listen);
        listener.Listen(Backlog);
        while (!stop.IsCancellationRequested)
            _ = ServeAsync(await listener.AcceptAsync(stop), stop);
    }

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        try
        {
            var target = targets[Interlocked.Increment(ref _turn) % targets.Count];
            var tunnel = await pool.ConnectAsync(target, ConnectTimeout, stop);
            await Relay.RunAsync(client, tunnel);
        }
        catch (Exception e) when (e is TunnelConnectException or OperationCanceledException)
        {
            client.Dispose();
            await Console.Error.WriteLineAsync(e.Message);
        }
    }
}
