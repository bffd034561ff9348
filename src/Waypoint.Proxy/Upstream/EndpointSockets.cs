using System.Net;
using System.Net.Sockets;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.Failures;
using Waypoint.Proxy.Upstream.Dns;

namespace Waypoint.Proxy.Upstream;

/// <summary>Opens plain TCP connections to endpoints. One with several addresses (dual stack, a resolved name) is tried one after the other, the next one as soon as the last has
/// failed or been silent for a moment (RFC 8305).</summary>
internal sealed class EndpointSockets(NameTable names, TimeProvider time)
{
    private const int MaxAddresses = 8;

    /// <summary>How long an address may be silent until the next one is tried beside it (RFC 8305, 5: 250 ms).</summary>
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Opens a connection. Throws <see cref="UpstreamConnectException"/> or <see cref="OperationCanceledException"/>.</summary>
    public ValueTask<Socket> OpenAsync(ClusterConfig cluster, Endpoint endpoint, CancellationToken cancellation)
    {
        TcpKeepAlive? keepAlive = cluster.Connections.KeepAlive;
        if (endpoint.Kind == EndpointKind.HostName)
        {
            return OpenByNameAsync(cluster, endpoint, keepAlive, cancellation);
        }

        if (endpoint.Address is not { } address)
        {
            throw new UpstreamConnectException(FailureReason.ClusterUnsupported, $"endpoint {endpoint.AddressText} has no address");
        }

        return endpoint.OtherAddresses.Length == 0
            ? ConnectAsync(address, keepAlive, cancellation)
            : RaceAsync([address, .. endpoint.OtherAddresses.Split(',').Select(IPEndPoint.Parse)], keepAlive, cancellation);
    }

    private ValueTask<Socket> OpenByNameAsync(ClusterConfig cluster, Endpoint endpoint, TcpKeepAlive? keepAlive, CancellationToken cancellation)
    {
        DnsSettings? settings = cluster.Dns ?? cluster.DynamicForward?.Dns;
        if (settings is null || !HostPort.TryParse(endpoint.AddressText, 0, out HostPort place))
        {
            throw new UpstreamConnectException(FailureReason.ClusterUnsupported, $"endpoint {endpoint.AddressText} of cluster {cluster.Name} has no address");
        }

        IPEndPoint[] addresses = [.. names.Find(place.Host, settings).Take(MaxAddresses).Select(address => new IPEndPoint(address, place.Port))];
        return addresses.Length switch
        {
            0 => throw new UpstreamConnectException(FailureReason.ConnectFailure, $"{place.Host} has no address"),
            1 => ConnectAsync(addresses[0], keepAlive, cancellation),
            _ => RaceAsync(addresses, keepAlive, cancellation),
        };
    }

    private async ValueTask<Socket> RaceAsync(IPEndPoint[] addresses, TcpKeepAlive? keepAlive, CancellationToken cancellation)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = new List<Task<Socket>>(addresses.Length);
        Socket? won = null;
        UpstreamConnectException? failure = null;
        int next = 0;
        try
        {
            while (true)
            {
                if (next < addresses.Length)
                {
                    running.Add(ConnectAsync(addresses[next++], keepAlive, losers.Token).AsTask());
                }

                if (running.Count == 0)
                {
                    throw failure!;
                }

                Task<Socket> first = Task.WhenAny(running).Unwrap();
                if (next < addresses.Length && await Task.WhenAny(first, Task.Delay(AttemptDelay, time, losers.Token)).ConfigureAwait(false) != first)
                {
                    cancellation.ThrowIfCancellationRequested();
                    continue;
                }

                try
                {
                    won = await first.ConfigureAwait(false);
                    return won;
                }
                catch (UpstreamConnectException refused)
                {
                    failure ??= refused;
                    running.RemoveAll(static task => task.IsFaulted);
                }
            }
        }
        finally
        {
            await losers.CancelAsync().ConfigureAwait(false);
            foreach (Task<Socket> task in running)
            {
                // Ends by itself: it was cancelled above. The winner is in the caller's hands; a second one that came about as well is not.
                _ = CloseAsync(task, won);
            }
        }
    }

    private static async Task CloseAsync(Task<Socket> connecting, Socket? won)
    {
        try
        {
            Socket socket = await connecting.ConfigureAwait(false);
            if (!ReferenceEquals(socket, won))
            {
                socket.Dispose();
            }
        }
        catch (Exception failure) when (failure is UpstreamConnectException or OperationCanceledException)
        {
            // It lost anyway.
        }
    }

    private static async ValueTask<Socket> ConnectAsync(IPEndPoint address, TcpKeepAlive? keepAlive, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Apply(socket, keepAlive);
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new UpstreamConnectException(FailureReason.ConnectFailure, $"delayed connect error: {failure.Message}", failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Apply(Socket socket, TcpKeepAlive? keepAlive)
    {
        if (keepAlive is null)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        if (keepAlive.IdleTime is { } idle)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)idle.TotalSeconds);
        }

        if (keepAlive.Interval is { } interval)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)interval.TotalSeconds);
        }

        if (keepAlive.Probes is { } probes)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, probes);
        }
    }
}
