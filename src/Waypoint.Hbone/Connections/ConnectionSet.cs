using System.Collections.Concurrent;

namespace Waypoint.Hbone.Connections;

/// <summary>The live connections of a listener or pool, and the one coarse clock that all of them ride on. Thread-safe.</summary>
internal sealed class ConnectionSet : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Http2Connection, Task> _connections = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Action _onTick;
    private int _ticking;
    private int _count;

    /// <summary>An empty set.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="onTick">What the owner does once a second.</param>
    public ConnectionSet(TimeProvider time, Action onTick)
    {
        _time = time;
        _onTick = onTick;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((ConnectionSet)state!).Tick(), this, Period, Period);
    }

    public int Count => Volatile.Read(ref _count);

    public ICollection<Http2Connection> All => _connections.Keys;

    public int TunnelCount
    {
        get
        {
            int tunnels = 0;
            foreach (KeyValuePair<Http2Connection, Task> entry in _connections)
                tunnels += entry.Key.TunnelCount;
            return tunnels;
        }
    }

    /// <summary>Runs the connection until it ends.</summary>
    public async Task RunAsync(Http2Connection connection)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = done.Task;
        Interlocked.Increment(ref _count);
        try
        {
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            Interlocked.Decrement(ref _count);
            done.SetResult();
        }
    }

    /// <summary>Completes when the connections of this moment have ended.</summary>
    public Task WhenEmptyAsync() => Task.WhenAll(_connections.Values);

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        // A tick that takes longer than a second must not meet the next.
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
            return;
        try
        {
            TimeSpan now = _time.GetElapsedTime(_start);
            foreach (KeyValuePair<Http2Connection, Task> entry in _connections)
                entry.Key.OnTick(now);
            _onTick();
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }
}
