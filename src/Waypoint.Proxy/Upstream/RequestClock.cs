using Waypoint.Model.Failures;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Upstream;

/// <summary>The time of one request: its deadline over all tries, and the clock of the running try. Reused from request to request; one request at a time uses it.</summary>
internal sealed class RequestClock
{
    private TimeProvider _time = TimeProvider.System;
    private RequestTimeouts _limits;
    private long _sentTimestamp;
    private bool _sent;
    private List<StreamLimit>? _streamLimits;
    private StreamLimit? _upload;

    public RequestClock()
    {
        OnRequestSent = RequestSent;
        OnMoved = Touch;
    }

    /// <summary><see cref="RequestSent"/>, made once.</summary>
    public Action OnRequestSent { get; }

    /// <summary><see cref="Touch"/>, made once.</summary>
    public Action OnMoved { get; }

    /// <summary>Ends the request at the route's timeout; null without one.</summary>
    public CancellationTokenSource? Deadline { get; private set; }

    /// <summary>The clock of the running try; null without limits for tries. <see cref="EndTry"/> disposes it.</summary>
    private TryClock? Try { get; set; }

    /// <summary>True when the request's time is over.</summary>
    public bool IsOver => Deadline is { IsCancellationRequested: true };

    /// <summary>Why the request's time is over: the route's timeout unless a limit was first.</summary>
    public FailureReason OverReason
    {
        get
        {
            foreach (StreamLimit limit in _streamLimits ?? [])
            {
                if (limit.IsReached)
                {
                    return limit.Reason;
                }
            }

            return FailureReason.RouteTimeout;
        }
    }

    /// <summary>What the request and its tries may take.</summary>
    public RequestTimeouts Limits => _limits;

    /// <summary>Whole milliseconds spent of the request's limit; zero until the client has sent everything.</summary>
    public TimeSpan Elapsed => _sent && _limits.Request > TimeSpan.Zero ? TimeSpan.FromMilliseconds((long)_time.GetElapsedTime(_sentTimestamp).TotalMilliseconds) : TimeSpan.Zero;

    /// <summary>Ends the running try, or the request if tries have no limits.</summary>
    public CancellationToken Token => Try?.Token ?? Deadline?.Token ?? CancellationToken.None;

    /// <summary>True if reads and writes have to be reported by <see cref="Touch"/>.</summary>
    public bool WatchesSilence => _limits.PerTryIdle > TimeSpan.Zero;

    /// <summary>Before the first try.</summary>
    public void Begin(in RequestTimeouts limits, TimeProvider time)
    {
        _time = time;
        _limits = limits;
        if (TimerLimit.IsSet(limits.Request))
        {
            Deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        }
    }

    /// <summary>Ends the request after a time, whatever it is doing. Several may run; the first decides.</summary>
    public StreamLimit LimitTo(TimeSpan limit, FailureReason reason)
    {
        Deadline ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        var made = new StreamLimit(Deadline, reason, _time, limit);
        (_streamLimits ??= []).Add(made);
        return made;
    }

    /// <summary>Ends the request if the client has not sent everything by then.</summary>
    public void LimitUpload(TimeSpan limit) => _upload = LimitTo(limit, FailureReason.RequestTooSlow);

    /// <summary>The client has sent everything: the time begins that is the upstream's.</summary>
    public void RequestSent()
    {
        _sent = true;
        _upload?.Dispose();
        if (_limits.Request > TimeSpan.Zero)
        {
            _sentTimestamp = _time.GetTimestamp();
            if (TimerLimit.IsSet(_limits.Request))
            {
                Deadline?.CancelAfter(_limits.Request);
            }
        }

        Try?.RequestSent();
    }

    /// <summary>Bytes moved.</summary>
    public void Touch() => Try?.Touch();

    /// <summary>A try begins.</summary>
    public void BeginTry()
    {
        if (_limits.PerTry > TimeSpan.Zero || _limits.PerTryIdle > TimeSpan.Zero)
        {
            Try = new TryClock(
                TimerLimit.IsSet(_limits.PerTry) ? _limits.PerTry : TimeSpan.Zero,
                TimerLimit.IsSet(_limits.PerTryIdle) ? _limits.PerTryIdle : TimeSpan.Zero,
                _sent, _time, Deadline?.Token ?? CancellationToken.None);
        }
    }

    /// <summary>The answer has begun and goes to the client.</summary>
    public void AnswerBegan(bool isUpgrade)
    {
        if (isUpgrade)
        {
            // An established upgrade outlives the route's timeout.
            Deadline?.CancelAfter(Timeout.InfiniteTimeSpan);
            Try?.Stop();
        }
        else
        {
            Try?.AnswerBegan();
        }
    }

    /// <summary>The try is over; the limit that ended it, or <see cref="FailureReason.None"/>.</summary>
    public FailureReason EndTry()
    {
        FailureReason reason = Try?.Reason ?? FailureReason.None;
        Try?.Dispose();
        Try = null;
        return reason;
    }

    /// <summary>Forgets the request.</summary>
    public void Reset()
    {
        EndTry();
        foreach (StreamLimit limit in _streamLimits ?? [])
        {
            limit.Dispose();
        }

        _streamLimits?.Clear();
        _upload = null;
        Deadline?.Dispose();
        Deadline = null;
        _limits = default;
        _sent = false;
    }
}
