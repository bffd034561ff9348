using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Waypoint.Hbone.Connections;
using Waypoint.Hbone.Frames;
using Waypoint.Hbone.Tls;
using Waypoint.Hbone.Tunnels;

namespace Waypoint.Hbone.Originate;

/// <summary>Opens tunnels to destinations over pooled HBONE connections. A connection is shared by targets with the same address, uid, expected identity and worker. Thread-safe.</summary>
public sealed class TunnelPool : IAsyncDisposable
{
    private readonly ConcurrentDictionary<PoolKey, EndpointPool> _endpoints = new();
    private readonly TunnelPoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConnectionSet _connections;
    private readonly HboneConnector _connector;
    private readonly TlsIdentitySource _identities;
    private volatile bool _disposed;

    /// <summary>An empty pool.</summary>
    public TunnelPool(TunnelPoolOptions options, TlsIdentitySource identities, IHboneDialer dialer, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentNullException.ThrowIfNull(dialer);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _time = time;
        _identities = identities;
        _logger = loggers.CreateLogger<TunnelPool>();
        _connector = new HboneConnector(options, identities, dialer, time, _logger);
        _connections = new ConnectionSet(time, DropEmptyEndpoints);
    }

    /// <summary>Open connections, for metrics.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Open tunnels of all connections, for metrics.</summary>
    public int TunnelCount => _connections.TunnelCount;

    /// <summary>Opens a tunnel: on a pooled connection, or on a new one. Throws <see cref="TunnelConnectException"/>; no tunnel byte was sent then.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="connectTimeout">TCP, TLS and the answer to CONNECT together.</param>
    /// <param name="cancellationToken">Client gone.</param>
    public async ValueTask<Tunnel> ConnectAsync(TunnelTarget target, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ObjectDisposedException.ThrowIf(_disposed, this);
        long start = _time.GetTimestamp();
        bool retried = false;
        while (true)
        {
            (PendingConnect pending, ClientConnection connection) = await SendConnectAsync(target, start, connectTimeout, cancellationToken).ConfigureAwait(false);
            ConnectAnswer answer = await WaitAsync(pending, connection, target, connectTimeout - _time.GetElapsedTime(start), cancellationToken).ConfigureAwait(false);
            if (answer.Outcome == ConnectAnswer.Kind.Opened)
                return pending.Tunnel;
            // Nothing of the tunnel was sent, so a connection that merely went away under the CONNECT deserves one more try, on another.
            if (retried || !IsRetriable(answer))
                throw ToException(answer, target);
            retried = true;
            TunnelPoolLog.Retrying(_logger, target.HboneAddress, answer.Outcome);
        }
    }

    /// <summary>Opens a tunnel inside another one: to the gateway of a remote network, and through it, with TLS of its own, to the destination. The outer connection is pooled;
    /// the inner one carries one tunnel only, because whoever answers first would get all the others. Throws <see cref="TunnelConnectException"/>.</summary>
    /// <param name="outer">The gateway.</param>
    /// <param name="inner">The destination behind it; its address stands in logs only.</param>
    /// <param name="connectTimeout">Both tunnels together.</param>
    /// <param name="cancellationToken">Client gone.</param>
    public async ValueTask<Tunnel> ConnectNestedAsync(TunnelTarget outer, TunnelTarget inner, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outer);
        ArgumentNullException.ThrowIfNull(inner);
        ObjectDisposedException.ThrowIf(_disposed, this);
        long start = _time.GetTimestamp();
        var connector = new HboneConnector(_options, _identities, new OuterTunnelDialer(this, outer, connectTimeout), _time, _logger);
        ClientConnection connection = await connector.ConnectAsync(inner, connectTimeout, cancellationToken).ConfigureAwait(false);
        connection.Start();
        PendingConnect? pending = connection.TryOpen(inner);
        // Taking no second tunnel also means: it closes with the first.
        connection.Retire();
        _ = _connections.RunAsync(connection);
        if (pending is null)
            throw new TunnelConnectException(TunnelConnectFailure.ConnectionLost, $"The connection through {outer.HboneAddress} broke.");
        ConnectAnswer answer = await WaitAsync(pending, connection, inner, connectTimeout - _time.GetElapsedTime(start), cancellationToken).ConfigureAwait(false);
        return answer.Outcome == ConnectAnswer.Kind.Opened ? pending.Tunnel : throw ToException(answer, inner);
    }

    /// <summary>An endpoint is gone: its connections take no new tunnels.</summary>
    /// <param name="address">HBONE address of the endpoint.</param>
    /// <param name="endpointUid">Its uid, or null for whatever is pooled under the address.</param>
    /// <param name="cutLiveTunnels">True when the address now belongs to somebody else: open tunnels are reset. False lets them end.</param>
    public void Retire(IPEndPoint address, string? endpointUid, bool cutLiveTunnels)
    {
        foreach (KeyValuePair<PoolKey, EndpointPool> entry in _endpoints)
        {
            if (!entry.Key.Address.Equals(address) || (endpointUid is not null && entry.Key.EndpointUid != endpointUid))
                continue;
            if (_endpoints.TryRemove(entry))
                entry.Value.Retire(cutLiveTunnels);
        }
    }

    /// <summary>Closes all connections; open tunnels are reset.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (KeyValuePair<PoolKey, EndpointPool> entry in _endpoints)
            entry.Value.Retire(cutLiveTunnels: false);
        foreach (Http2Connection connection in _connections.All)
            connection.AbortWithResets("the pool was closed");
        await _connections.WhenEmptyAsync().ConfigureAwait(false);
        _connections.Dispose();
    }

    private static bool IsRetriable(ConnectAnswer answer) => answer.Outcome switch
    {
        ConnectAnswer.Kind.GoAway or ConnectAnswer.Kind.Lost => true,
        ConnectAnswer.Kind.Reset => answer.Code == ErrorCode.RefusedStream,
        _ => false,
    };

    private static TunnelConnectException ToException(ConnectAnswer answer, TunnelTarget target) => answer.Outcome switch
    {
        ConnectAnswer.Kind.Rejected => new TunnelConnectException(TunnelConnectFailure.ConnectRejected,
            $"CONNECT {target.Authority} at {target.HboneAddress} was answered with {answer.Status}.", status: answer.Status),
        ConnectAnswer.Kind.GoAway => new TunnelConnectException(TunnelConnectFailure.GoAway, $"{target.HboneAddress} is shutting down."),
        ConnectAnswer.Kind.Reset => new TunnelConnectException(TunnelConnectFailure.Reset, $"CONNECT {target.Authority} at {target.HboneAddress} was reset with {answer.Code}."),
        ConnectAnswer.Kind.RefusedByTls => new TunnelConnectException(TunnelConnectFailure.Tls,
            $"{target.HboneAddress} ended the connection right after the TLS handshake; it may not accept our certificate: {answer.Reason}"),
        _ => new TunnelConnectException(TunnelConnectFailure.ConnectionLost, $"The connection to {target.HboneAddress} broke: {answer.Reason}"),
    };

    private static TunnelConnectException TimedOut(TunnelTarget target, string what) =>
        new(TunnelConnectFailure.Timeout, $"{what} {target.HboneAddress} took too long; a network policy may block the port.");

    private EndpointPool GetEndpoint(TunnelTarget target)
    {
        var key = new PoolKey(target);
        return _endpoints.TryGetValue(key, out EndpointPool? endpoint)
            ? endpoint
            : _endpoints.GetOrAdd(key, static (_, pool) => pool.CreateEndpoint(), this);
    }

    private EndpointPool CreateEndpoint()
    {
        EndpointPool? endpoint = null;
        endpoint = new EndpointPool(_options, (target, timeout) => OpenConnectionAsync(endpoint!, target, timeout));
        return endpoint;
    }

    private async Task<(PendingConnect, ClientConnection)> SendConnectAsync(TunnelTarget target, long start, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            EndpointPool endpoint = GetEndpoint(target);
            ClientConnection? connection = endpoint.Pick();
            if (connection is null)
            {
                TimeSpan left = connectTimeout - _time.GetElapsedTime(start);
                try
                {
                    if (left <= TimeSpan.Zero)
                        throw TimedOut(target, "Connecting to");
                    connection = await endpoint.OpenAsync(target, left, _time, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    throw TimedOut(target, "Connecting to");
                }
            }
            if (connection?.TryOpen(target) is { } pending)
                return (pending, connection);
        }
    }

    private async ValueTask<ConnectAnswer> WaitAsync(PendingConnect pending, ClientConnection connection, TunnelTarget target, TimeSpan left, CancellationToken cancellationToken)
    {
        if (pending.Answer.IsCompleted)
            return await pending.Answer.ConfigureAwait(false);
        try
        {
            if (left <= TimeSpan.Zero)
                throw new TimeoutException();
            return await pending.Answer.WaitAsync(left, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            connection.Abandon(pending);
            throw TimedOut(target, $"The answer to CONNECT {target.Authority} from");
        }
        catch (OperationCanceledException)
        {
            connection.Abandon(pending);
            throw;
        }
    }

    // Runs the connection beside the one that waits for it; its end takes it out of the pool.
    private async Task<ClientConnection> OpenConnectionAsync(EndpointPool endpoint, TunnelTarget target, TimeSpan timeout)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            ClientConnection connection = await _connector.ConnectAsync(target, timeout, CancellationToken.None).ConfigureAwait(false);
            connection.Start();
            if (_disposed || !endpoint.TryAdd(connection))
                connection.Retire();
            _ = RunAsync(endpoint, connection);
            return connection;
        }
        finally
        {
            endpoint.ConnectDone();
        }
    }

    private async Task RunAsync(EndpointPool endpoint, ClientConnection connection)
    {
        await _connections.RunAsync(connection).ConfigureAwait(false);
        endpoint.Remove(connection);
    }

    private void DropEmptyEndpoints()
    {
        foreach (KeyValuePair<PoolKey, EndpointPool> entry in _endpoints)
        {
            if (entry.Value.TryDrop())
                _endpoints.TryRemove(entry);
        }
    }
}
