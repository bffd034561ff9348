using Waypoint.Model.Failures;

namespace Waypoint.Proxy.Http;

/// <summary>A time after which a request ends, whatever it is doing. Its timer may fire beside the request.</summary>
internal sealed class StreamLimit : IDisposable
{
    private readonly CancellationTokenSource _deadline;
    private readonly ITimer _timer;
    private volatile bool _reached;

    /// <summary>Cancels <paramref name="deadline"/> after <paramref name="limit"/>.</summary>
    public StreamLimit(CancellationTokenSource deadline, FailureReason reason, TimeProvider time, TimeSpan limit)
    {
        _deadline = deadline;
        Reason = reason;
        _timer = time.CreateTimer(static state => ((StreamLimit)state!).Reach(), this, TimerLimit.OrNever(limit), Timeout.InfiniteTimeSpan);
    }

    /// <summary>What the request then ends with.</summary>
    public FailureReason Reason { get; }

    /// <summary>True once the time is over.</summary>
    public bool IsReached => _reached;

    /// <summary>The limit no longer counts.</summary>
    public void Dispose() => _timer.Dispose();

    private void Reach()
    {
        _reached = true;
        try
        {
            _deadline.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended while the timer fired.
        }
    }
}
