using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Http;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Http;

public sealed class ConnectionLimitsTests
{
    private readonly FakeTimeProvider _time = new();
    private int _closed;

    private static HttpConnectionConfig Config => new() { Routes = null, Filters = [] };

    [Fact]
    public void Of_Defaults_None() => Assert.Null(Limits(Config, isHttp2: true));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Age_Reached_ClosesAlthoughRequestsRun(bool isHttp2)
    {
        using ConnectionLimits limits = Limits(Config with { MaxConnectionDuration = TimeSpan.FromMinutes(10) }, isHttp2)!;
        limits.RequestBegan();
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(0, _closed);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _closed);
    }

    [Fact]
    public void Age_ConnectionGone_NothingMore()
    {
        Limits(Config with { MaxConnectionDuration = TimeSpan.FromMinutes(10) }, isHttp2: false)!.Dispose();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _closed);
    }

    [Fact]
    public void Requests_TheLastAllowedOne_Closes()
    {
        using ConnectionLimits limits = Limits(Config with { MaxRequestsPerConnection = 3 }, isHttp2: true)!;
        limits.RequestBegan();
        limits.RequestBegan();
        Assert.Equal(0, _closed);
        limits.RequestBegan();
        limits.RequestBegan();
        Assert.Equal(1, _closed);
    }

    [Fact]
    public void Idle_OverHttp2_CountsFromTheLastRequestsEnd()
    {
        using ConnectionLimits limits = Limits(Config with { IdleTimeout = TimeSpan.FromSeconds(30) }, isHttp2: true)!;
        limits.RequestBegan();
        limits.RequestBegan();
        limits.RequestEnded();
        _time.Advance(TimeSpan.FromMinutes(5));
        limits.RequestEnded();
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, _closed);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _closed);
    }

    [Fact]
    public void Idle_TimerFiresDuringARequest_ConnectionStays()
    {
        using ConnectionLimits limits = Limits(Config with { IdleTimeout = TimeSpan.FromSeconds(30) }, isHttp2: true)!;
        // The end of one request and the begin of the next from two threads, in the order that arms the timer last.
        limits.RequestBegan();
        limits.RequestBegan();
        limits.RequestEnded();
        limits.RequestEnded();
        limits.RequestBegan();
        limits.RequestBegan();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, _closed);
    }

    [Fact]
    public void Idle_OverHttp1_WatchedWhereHeadsAreRead() => Assert.Null(Limits(Config with { IdleTimeout = TimeSpan.FromSeconds(30) }, isHttp2: false));

    private ConnectionLimits? Limits(HttpConnectionConfig config, bool isHttp2) => ConnectionLimits.Of(config, isHttp2, _time, () => _closed++);
}
