using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Tls;

namespace Waypoint.Hbone.Terminate;

/// <summary>Accepts HBONE connections (mutual TLS 1.3, HTTP/2, CONNECT only) and hands every CONNECT to an <see cref="IConnectHandler"/>.</summary>
public sealed class HboneListener : IAsyncDisposable
{
    private readonly HboneListenerOptions _options;
    private readonly TlsIdentitySource _identities;
    private readonly IConnectHandler _handler;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConnectionSet _connections;
    private readonly SemaphoreSlim _handshakes;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _acceptLoops = [];
    private volatile bool _draining;
    private bool _disposed;

    /// <summary>A listener that is not bound yet.</summary>
    public HboneListener(HboneListenerOptions options, TlsIdentitySource identities, IConnectHandler handler, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _identities = identities;
        _handler = handler;
        _time = time;
        _logger = loggers.CreateLogger<HboneListener>();
        _handshakes = new SemaphoreSlim(options.MaxConcurrentHandshakes);
        _connections = new ConnectionSet(time, static () => { });
        EndPoints = options.EndPoints;
    }

    /// <summary>Where it listens, with the ports that were taken.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; }

    /// <summary>Established HBONE connections.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Open tunnels of all connections.</summary>
    public int TunnelCount => _connections.TunnelCount;

    /// <summary>Binds and starts to accept. Throws at once when an address is taken.</summary>
    public void Start()
    {
        var bound = new List<IPEndPoint>();
        try
        {
            foreach (IPEndPoint endPoint in _options.EndPoints)
            {
                Socket socket = Bind(endPoint);
                _sockets.Add(socket);
                bound.Add((IPEndPoint)socket.LocalEndPoint!);
            }
        }
        catch (SocketException)
        {
            foreach (Socket socket in _sockets)
                socket.Dispose();
            _sockets.Clear();
            throw;
        }
        EndPoints = bound;
        foreach (Socket socket in _sockets)
            _acceptLoops.Add(AcceptLoopAsync(socket));
    }

    /// <summary>Asks every peer to take its next connections elsewhere (GOAWAY in two steps) and waits until the tunnels have ended or the time is over; what is left is then reset.
    /// Meanwhile connections are still accepted and served, and asked to leave like the others.</summary>
    /// <param name="timeout">How long tunnels may go on.</param>
    /// <param name="cancellationToken">Shutdown at once.</param>
    public async Task DrainAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _draining = true;
        foreach (Http2Connection connection in _connections.All)
            ((ServerConnection)connection).Drain();
        try
        {
            await _connections.WhenEmptyAsync().WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            HboneListenerLog.DrainTimedOut(_logger, _connections.TunnelCount);
        }
        foreach (Http2Connection connection in _connections.All)
            connection.AbortWithResets("the drain time is over");
    }

    /// <summary>Stops accepting and cuts every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (Socket socket in _sockets)
            socket.Dispose();
        await Task.WhenAll(_acceptLoops).ConfigureAwait(false);
        foreach (Http2Connection connection in _connections.All)
            connection.Abort(ErrorCode.NoError, "the listener was closed");
        await _connections.WhenEmptyAsync().ConfigureAwait(false);
        _connections.Dispose();
        _handshakes.Dispose();
        _stopping.Dispose();
    }

    private Socket Bind(IPEndPoint endPoint)
    {
        // [::] also stands for a node whose kernel has no IPv6.
        if (endPoint.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6)
            endPoint = new IPEndPoint(IPAddress.Any, endPoint.Port);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endPoint);
            socket.Listen(_options.Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptLoopAsync(Socket listening)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _handshakes.WaitAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            Socket socket;
            try
            {
                socket = await listening.AcceptAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // The client gave up in the queue, or file descriptors ran out: those that are in use will be free again.
                _handshakes.Release();
                HboneListenerLog.AcceptFailed(_logger, exception.SocketErrorCode);
                await Task.Delay(TimeSpan.FromMilliseconds(10), _time, CancellationToken.None).ConfigureAwait(false);
                continue;
            }
            _ = ServeAsync(socket);
        }
    }

    // Never faulted.
    private async Task ServeAsync(Socket socket)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ServerConnection? connection;
        try
        {
            connection = await HandshakeAsync(socket).ConfigureAwait(false);
        }
        finally
        {
            ReleaseHandshake();
        }
        if (connection is null)
            return;
        connection.Start();
        Task running = _connections.RunAsync(connection);
        if (_draining)
            connection.Drain();
        if (_stopping.IsCancellationRequested)
            connection.Abort(ErrorCode.NoError, "the listener was closed");
        await running.ConfigureAwait(false);
    }

    private void ReleaseHandshake()
    {
        try
        {
            _handshakes.Release();
        }
        catch (ObjectDisposedException)
        {
            // The listener was closed meanwhile.
        }
    }

    private async Task<ServerConnection?> HandshakeAsync(Socket socket)
    {
        IPEndPoint? remote = null;
        PeerVerifier? verifier = null;
        SslStream? stream = null;
        try
        {
            remote = SocketTuning.Canonical(socket.RemoteEndPoint);
            SocketTuning.Apply(socket);
            if (!_identities.TryGet(out TlsIdentity? own))
            {
                HboneListenerLog.NoIdentity(_logger, remote);
                socket.Dispose();
                return null;
            }
            verifier = new PeerVerifier(own, expected: null, _time);
            var transport = new TransportStream(socket);
            stream = new SslStream(transport);
            using var deadline = new CancellationTokenSource(_options.HandshakeTimeout, _time);
            await MutualTls.AcceptAsync(stream, own, verifier, deadline.Token).ConfigureAwait(false);
            transport.MarkEstablished();
            var peer = new ConnectionPeer(verifier.Peer!, own.Id, remote, SocketTuning.Canonical(socket.LocalEndPoint));
            return new ServerConnection(new Transport(stream, transport, _time), peer, _options, _handler, _logger);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            HboneListenerLog.HandshakeFailed(_logger, remote, Describe(exception, verifier));
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
            else
                socket.Dispose();
            return null;
        }
    }

    private static string Describe(Exception exception, PeerVerifier? verifier) => exception switch
    {
        OperationCanceledException => "it was not completed in time",
        AuthenticationException when verifier is { Peer: null } && exception.InnerException is null => verifier.Problem,
        _ => exception.InnerException?.Message ?? exception.Message,
    };
}
