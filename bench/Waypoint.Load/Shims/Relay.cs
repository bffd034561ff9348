using System.Net.Sockets;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Load.Shims;

/// <summary>Copies between a TCP connection and a tunnel, both ways, until both have ended.</summary>
internal static class Relay
{
    private const int BlockSize = 32 << 10;

    public static async Task RunAsync(Socket socket, Tunnel tunnel)
    {
        using (socket)
        {
            socket.NoDelay = true;
            try
            {
                await Task.WhenAll(UpAsync(socket, tunnel), DownAsync(socket, tunnel));
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                tunnel.Abort(TunnelReset.Cancel);
            }
        }
    }

    private static async Task UpAsync(Socket socket, Tunnel tunnel)
    {
        try
        {
            while (true)
            {
                // Zero bytes first: an idle connection holds no buffer.
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
                int count = await socket.ReceiveAsync(tunnel.Output.GetMemory(BlockSize), SocketFlags.None);
                if (count == 0)
                    break;
                tunnel.Output.Advance(count);
                if ((await tunnel.Output.FlushAsync()).IsCompleted)
                    break;
            }
            await tunnel.Output.CompleteAsync();
        }
        catch (Exception)
        {
            tunnel.Abort(TunnelReset.Cancel);
            throw;
        }
    }

    private static async Task DownAsync(Socket socket, Tunnel tunnel)
    {
        try
        {
            while (true)
            {
                var read = await tunnel.Input.ReadAsync();
                foreach (var segment in read.Buffer)
                {
                    for (var rest = segment; !rest.IsEmpty;)
                        rest = rest[await socket.SendAsync(rest, SocketFlags.None)..];
                }
                tunnel.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
            await tunnel.Input.CompleteAsync();
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception)
        {
            // The other direction waits in a receive; only a closed socket wakes it.
            socket.Dispose();
            throw;
        }
    }
}
