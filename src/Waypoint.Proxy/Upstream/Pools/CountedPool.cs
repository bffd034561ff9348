namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>A pool for clusters that limit single connections: requests of each, requests at a time on each, idle time to the second. Every connection is an HTTP client of its own,
/// since the client says nothing about the connections inside it. The lock is held for a few comparisons, and only clusters with such a limit have one.</summary>
/// <param name="open">Makes a client that opens one connection.</param>
/// <param name="maxRequests">Requests per connection; 0: no limit.</param>
/// <param name="maxStreams">Requests at a time per connection, at least 1.</param>
/// <param name="idleTimeout">An idle connection is not used after this time; zero: no limit.</param>
/// <param name="time">Clock of the idle time.</param>
internal sealed class CountedPool(Func<HttpMessageInvoker> open, uint maxRequests, int maxStreams, TimeSpan idleTimeout, TimeProvider time) : IConnectionPool
{
    private readonly Lock _gate = new();

    // The last one used is the first one tried: the others become idle and go.
    private readonly List<CountedConnection> _connections = [];

    /// <summary>Connections that may be open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <inheritdoc/>
    public PoolLease Rent()
    {
        List<CountedConnection>? expired = null;
        CountedConnection? found = null;
        lock (_gate)
        {
            for (int i = _connections.Count - 1; i >= 0 && found is null; i--)
            {
                CountedConnection candidate = _connections[i];
                if (candidate.Active == 0 && IsExpired(candidate))
                {
                    _connections.RemoveAt(i);
                    (expired ??= []).Add(candidate);
                }
                else if (candidate.Active < maxStreams && !IsSpent(candidate))
                {
                    found = candidate;
                    found.Active++;
                    found.Started++;
                }
            }
        }

        foreach (CountedConnection gone in expired ?? [])
        {
            gone.Invoker.Dispose();
        }

        if (found is null)
        {
            found = new CountedConnection(open()) { Active = 1, Started = 1 };
            lock (_gate)
            {
                _connections.Add(found);
            }
        }

        return new PoolLease(found.Invoker, this, found, null);
    }

    /// <summary>A request has ended.</summary>
    public void Return(CountedConnection connection)
    {
        bool close;
        lock (_gate)
        {
            connection.Active--;
            connection.IdleSince = time.GetTimestamp();
            close = connection.Active == 0 && IsSpent(connection) && _connections.Remove(connection);
        }

        if (close)
        {
            connection.Invoker.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CountedConnection[] all;
        lock (_gate)
        {
            all = [.. _connections];
            _connections.Clear();
        }

        foreach (CountedConnection connection in all)
        {
            connection.Invoker.Dispose();
        }
    }

    private bool IsSpent(CountedConnection connection) => maxRequests > 0 && connection.Started >= maxRequests;

    private bool IsExpired(CountedConnection connection) => idleTimeout > TimeSpan.Zero && time.GetElapsedTime(connection.IdleSince) >= idleTimeout;
}
