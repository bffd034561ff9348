using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Http;

/// <summary>Ends an inner connection at its age, after a number of requests or, over HTTP/2, when it was idle for too long: no further request is begun on it (GOAWAY, or <c>connection: close</c>
/// with the next answer), and those under way finish. Over HTTP/1 idleness is watched where heads are read. Thread-safe.</summary>
internal sealed class ConnectionLimits : IDisposable
{
    private readonly Action _close;
    private readonly TimeSpan _idleTimeout;
    private readonly uint _maxRequests;
    private readonly ITimer? _age;
    private readonly ITimer? _idle;
    private uint _requests;
    private int _active;

    private ConnectionLimits(HttpConnectionConfig config, bool isHttp2, TimeProvider time, Action close)
    {
        _close = close;
        _maxRequests = config.MaxRequestsPerConnection;
        if (TimerLimit.IsSet(config.MaxConnectionDuration))
        {
            _age = time.CreateTimer(static limits => ((ConnectionLimits)limits!)._close(), this, config.MaxConnectionDuration, Timeout.InfiniteTimeSpan);
        }

        if (WatchesIdle(config, isHttp2))
        {
            _idleTimeout = config.IdleTimeout;
            _idle = time.CreateTimer(static limits => ((ConnectionLimits)limits!).EndIdle(), this, _idleTimeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The limits of a new connection; null if it has none.</summary>
    /// <param name="config">The connection manager when the connection was made; later ones do not change its limits.</param>
    /// <param name="isHttp2">What is spoken.</param>
    /// <param name="time">Clock of the limits.</param>
    /// <param name="close">Lets the connection end gracefully; may be called several times.</param>
    public static ConnectionLimits? Of(HttpConnectionConfig? config, bool isHttp2, TimeProvider time, Action close) =>
        config is not null && (config.MaxRequestsPerConnection > 0 || TimerLimit.IsSet(config.MaxConnectionDuration) || WatchesIdle(config, isHttp2))
            ? new ConnectionLimits(config, isHttp2, time, close)
            : null;

    /// <summary>A request has come.</summary>
    public void RequestBegan()
    {
        if (Interlocked.Increment(ref _active) == 1)
        {
            _idle?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        if (_maxRequests > 0 && Interlocked.Increment(ref _requests) == _maxRequests)
        {
            _close();
        }
    }

    /// <summary>A request is over.</summary>
    public void RequestEnded()
    {
        if (Interlocked.Decrement(ref _active) == 0)
        {
            _idle?.Change(_idleTimeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Dispose()
    {
        _age?.Dispose();
        _idle?.Dispose();
    }

    // The inner servers' own limit is the default; only another one needs a timer here.
    private static bool WatchesIdle(HttpConnectionConfig config, bool isHttp2) =>
        isHttp2 && TimerLimit.IsSet(config.IdleTimeout) && config.IdleTimeout != HttpConnectionConfig.DefaultIdleTimeout;

    private void EndIdle()
    {
        // A request that ends while another begins may have armed the timer last.
        if (Volatile.Read(ref _active) == 0)
        {
            _close();
        }
    }
}
