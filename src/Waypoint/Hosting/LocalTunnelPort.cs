using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Originate;
using Waypoint.Hbone.Tunnels;
using Waypoint.Options;

namespace Waypoint.Hosting;

/// <summary>A local TCP port; every connection to it becomes one tunnel to the waypoint, as a ztunnel makes of a connection of its pod.</summary>
internal sealed class LocalTunnelPort : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private readonly Socket _listener;
    private readonly TunnelPool _tunnels;
    private readonly TunnelTarget _target;
    private readonly ILogger<LocalTunnelPort> _logger;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly HashSet<Task> _sessions = [];
    private Task _accepting = Task.CompletedTask;

    public LocalTunnelPort(IPEndPoint listen, TunnelPool tunnels, TunnelTarget target, ILogger<LocalTunnelPort> logger)
    {
        _tunnels = tunnels;
        _target = target;
        _logger = logger;
        _listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(listen);
        }
        catch (SocketException error)
        {
            _listener.Dispose();
            throw new OptionProblemException("--listen", listen.ToString(), "a local address with a free port", $"{error.Message}.");
        }
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public void Start()
    {
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] open;
        lock (_sessions)
            open = [.. _sessions];
        await Task.WhenAll(open);
        _shutdown.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_shutdown.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(_shutdown.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                LocalTunnelPortLog.AcceptFailed(_logger, error.Message);
                continue;
            }
            var session = ServeAsync(client);
            lock (_sessions)
                _sessions.Add(session);
            _ = session.ContinueWith(static (done, state) =>
            {
                var sessions = (HashSet<Task>)state!;
                lock (sessions)
                    sessions.Remove(done);
            }, _sessions, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        client.NoDelay = true;
        await using var local = new NetworkStream(client, ownsSocket: true);
        Tunnel tunnel;
        try
        {
            tunnel = await _tunnels.ConnectAsync(_target, ConnectTimeout, _shutdown.Token);
        }
        catch (TunnelConnectException error)
        {
            LocalTunnelPortLog.ConnectFailed(_logger, _target.Authority, _target.HboneAddress.ToString(), error.Failure, error.Message);
            // A reset says "failed"; an orderly end would look like an empty answer.
            client.Close(0);
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        var reader = PipeReader.Create(local, new StreamPipeReaderOptions(leaveOpen: true));
        var up = CopyAsync(reader, tunnel.Output);
        var down = DownAsync(tunnel, local, client);
        await Task.WhenAll(up, down);
        await reader.CompleteAsync();
        if (!tunnel.Closed.IsCompleted)
            tunnel.Abort(TunnelReset.Cancel);
    }

    private async Task CopyAsync(PipeReader from, PipeWriter to)
    {
        Exception? broken = null;
        try
        {
            await from.CopyToAsync(to, _shutdown.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            broken = error;
        }
        await to.CompleteAsync(broken);
    }

    private async Task DownAsync(Tunnel tunnel, NetworkStream local, Socket client)
    {
        try
        {
            await tunnel.Input.CopyToAsync(local, _shutdown.Token);
            client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            client.Close(0);
        }
        await tunnel.Input.CompleteAsync();
    }
}
