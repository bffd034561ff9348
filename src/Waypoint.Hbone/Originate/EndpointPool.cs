using Waypoint.Hbone.Frames;

namespace Waypoint.Hbone.Originate;

/// <summary>The connections to one endpoint. One connect at a time is under way; all who wait share its outcome, each with a deadline of its own. Thread-safe.</summary>
internal sealed class EndpointPool(TunnelPoolOptions options, Func<TunnelTarget, TimeSpan, Task<ClientConnection>> connect)
{
    private readonly Lock _gate = new();

    // Replaced as a whole, so that picking needs no lock.
    private ClientConnection[] _connections = [];
    private Task<ClientConnection>? _connecting;
    private int _waiters;
    private bool _retired;
    private bool _dropped;

    /// <summary>Ends an endpoint that has no connection and none on its way; callers that still hold it find a new one.</summary>
    public bool TryDrop()
    {
        lock (_gate)
            return _dropped = _connections.Length == 0 && _connecting is null && _waiters == 0;
    }

    public ClientConnection[] Connections => Volatile.Read(ref _connections);

    /// <summary>A connection with room for another tunnel, or null. The first that has room, so that tunnels share writes and idle ones can close.</summary>
    public ClientConnection? Pick()
    {
        foreach (ClientConnection connection in Connections)
        {
            if (connection.HasRoom)
                return connection;
        }
        return null;
    }

    /// <summary>Waits for a new connection; null when the endpoint was dropped. Throws <see cref="TunnelConnectException"/>, <see cref="TimeoutException"/> or <see cref="OperationCanceledException"/>.</summary>
    public async Task<ClientConnection?> OpenAsync(TunnelTarget target, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        Task<ClientConnection> connecting;
        lock (_gate)
        {
            if (_dropped)
                return null;
            if (_retired)
                throw new TunnelConnectException(TunnelConnectFailure.Unavailable, $"The endpoint {target.HboneAddress} is gone.");
            // The connect that another caller had begun may have ended since this one looked.
            if (Pick() is { } connection)
                return connection;
            if (_waiters >= options.MaxWaiters || (_connecting is null && _connections.Length >= options.MaxConnectionsPerEndpoint))
                throw new TunnelConnectException(TunnelConnectFailure.Unavailable, $"All {_connections.Length} HBONE connections to {target.HboneAddress} are full.");
            _waiters++;
            connecting = _connecting ??= connect(target, timeout);
        }
        try
        {
            return await connecting.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiters--;
                if (connecting.IsCompleted && _connecting == connecting)
                    _connecting = null;
            }
        }
    }

    /// <summary>A connect has succeeded. False when the endpoint was retired meanwhile.</summary>
    public bool TryAdd(ClientConnection connection)
    {
        lock (_gate)
        {
            if (_retired)
                return false;
            _connections = [.. _connections, connection];
            return true;
        }
    }

    /// <summary>The connect under way has ended, whatever its outcome.</summary>
    public void ConnectDone()
    {
        lock (_gate)
            _connecting = null;
    }

    public void Remove(ClientConnection connection)
    {
        lock (_gate)
            _connections = Array.FindAll(_connections, other => other != connection);
    }

    /// <summary>The endpoint is gone.</summary>
    public void Retire(bool cutLiveTunnels)
    {
        ClientConnection[] connections;
        lock (_gate)
        {
            _retired = true;
            connections = _connections;
        }
        foreach (ClientConnection connection in connections)
        {
            if (cutLiveTunnels)
                connection.Abort(ErrorCode.NoError, "the endpoint's address belongs to another workload");
            else
                connection.Retire();
        }
    }
}
