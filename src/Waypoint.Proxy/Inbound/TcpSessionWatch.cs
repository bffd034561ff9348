using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Inbound;

/// <summary>Ends an opaque connection at its idle timeout or maximal duration, and makes sure that it is cut once only. One timer per connection, at a quarter of the
/// idle timeout: exact to 25 %, which a timeout of an hour can bear, at no cost per byte.</summary>
internal sealed class TcpSessionWatch : IDisposable
{
    private readonly TcpSession _session;
    private readonly Action _cut;
    private readonly ITimer? _idle;
    private readonly ITimer? _duration;
    private long _bytesSeen;
    private int _quietTicks;
    private int _isCut;

    public TcpSessionWatch(TcpProxyConfig config, TcpSession session, TimeProvider time, Action cut)
    {
        _session = session;
        _cut = cut;
        if (config.IdleTimeout > TimeSpan.Zero)
        {
            TimeSpan tick = TimerLimit.OrNever(config.IdleTimeout / 4);
            _idle = time.CreateTimer(static state => ((TcpSessionWatch)state!).Tick(), this, tick, tick);
        }

        if (config.MaxConnectionDuration > TimeSpan.Zero)
        {
            _duration = time.CreateTimer(static state => ((TcpSessionWatch)state!).Cut("max_connection_duration"), this, TimerLimit.OrNever(config.MaxConnectionDuration), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Cuts both sides; later calls do nothing.</summary>
    public void Cut(string reason)
    {
        if (Interlocked.Exchange(ref _isCut, 1) == 0)
        {
            _session.TerminationDetails ??= reason;
            _cut();
        }
    }

    public void Dispose()
    {
        _idle?.Dispose();
        _duration?.Dispose();
    }

    private void Tick()
    {
        long bytes = _session.BytesReceived + _session.BytesSent;
        if (bytes != _bytesSeen)
        {
            _bytesSeen = bytes;
            _quietTicks = 0;
        }
        else if (++_quietTicks >= 4)
        {
            Cut("idle_timeout");
        }
    }
}
