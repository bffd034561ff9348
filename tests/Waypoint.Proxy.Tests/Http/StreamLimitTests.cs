using Waypoint.Model.Failures;
using Waypoint.Proxy.Http;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Http;

public sealed class StreamLimitTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _deadline = new();

    public void Dispose() => _deadline.Dispose();

    [Fact]
    public void Limit_TimeIsOver_DeadlineCancelledAndReasonKept()
    {
        using var limit = new StreamLimit(_deadline, FailureReason.StreamTooLong, _time, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(_deadline.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((true, true, FailureReason.StreamTooLong), (_deadline.IsCancellationRequested, limit.IsReached, limit.Reason));
    }

    [Fact]
    public void Limit_DisposedBefore_NothingHappens()
    {
        new StreamLimit(_deadline, FailureReason.StreamTooLong, _time, TimeSpan.FromSeconds(5)).Dispose();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(_deadline.IsCancellationRequested);
    }

    [Fact]
    public void Limit_RequestEndsWhileTheTimerFires_NoError()
    {
        using var limit = new StreamLimit(_deadline, FailureReason.StreamTooLong, _time, TimeSpan.FromSeconds(5));
        _deadline.Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(limit.IsReached);
    }

    [Fact]
    public void Limit_OfYears_IsNone()
    {
        using var limit = new StreamLimit(_deadline, FailureReason.StreamTooLong, _time, TimeSpan.FromDays(1000));
        _time.Advance(TimeSpan.FromDays(60));
        Assert.False(limit.IsReached);
    }
}
