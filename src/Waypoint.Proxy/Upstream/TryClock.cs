using Waypoint.Model.Failures;

namespace Waypoint.Proxy.Upstream;

/// <summary>The limits of one try: its own time, up to the headers of the answer, and silence within it. Ends <see cref="Token"/>, which the request's deadline ends too.
/// Used by one request; its timers may fire on any thread.</summary>
internal sealed class TryClock : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer? _whole;
    private readonly ITimer? _idle;
    private readonly TimeSpan _limit;
    private readonly TimeSpan _idleLimit;
    private int _ended;

    /// <param name="limit">Of the whole try; zero: none.</param>
    /// <param name="idleLimit">Of silence; zero: none.</param>
    /// <param name="requestSent">The client has sent the whole request; otherwise the try's time begins with <see cref="RequestSent"/>, because the time of an upload is the client's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="deadline">The request's.</param>
    public TryClock(TimeSpan limit, TimeSpan idleLimit, bool requestSent, TimeProvider time, CancellationToken deadline)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        _limit = limit;
        _idleLimit = idleLimit;
        if (limit > TimeSpan.Zero)
        {
            _whole = time.CreateTimer(static clock => ((TryClock)clock!).End(FailureReason.PerTryTimeout), this, requestSent ? limit : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        if (idleLimit > TimeSpan.Zero)
        {
            _idle = time.CreateTimer(static clock => ((TryClock)clock!).End(FailureReason.PerTryIdleTimeout), this, idleLimit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends with the try.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Which limit ended the try; <see cref="FailureReason.None"/> if none did.</summary>
    public FailureReason Reason => (FailureReason)Volatile.Read(ref _ended);

    /// <summary>The client has sent everything.</summary>
    public void RequestSent() => _whole?.Change(_limit, Timeout.InfiniteTimeSpan);

    /// <summary>The answer has begun.</summary>
    public void AnswerBegan()
    {
        _whole?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Touch();
    }

    /// <summary>Something moved.</summary>
    public void Touch() => _idle?.Change(_idleLimit, Timeout.InfiniteTimeSpan);

    /// <summary>An established upgrade has no limits of a try.</summary>
    public void Stop()
    {
        _whole?.Dispose();
        _idle?.Dispose();
    }

    public void Dispose()
    {
        Stop();
        _source.Dispose();
    }

    private void End(FailureReason reason)
    {
        if (Interlocked.CompareExchange(ref _ended, (int)reason, (int)FailureReason.None) == (int)FailureReason.None)
        {
            try
            {
                _source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The try ended while the timer fired.
            }
        }
    }
}
