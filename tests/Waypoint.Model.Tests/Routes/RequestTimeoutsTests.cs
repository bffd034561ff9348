using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Model.Tests.Routes;

public sealed class RequestTimeoutsTests
{
    [Theory]
    [InlineData(0, "400")]
    [InlineData(700, "300")]
    [InlineData(2000, "1")]
    public void Announce_LaterTry_NeverMoreThanIsLeft(int elapsed, string expected)
    {
        var headers = new HeaderLines();
        new RequestTimeouts(Milliseconds(1000), Milliseconds(400), TimeSpan.Zero, CapsGrpc: false).Announce(Milliseconds(elapsed), setsExpected: true, hedges: false, ref headers);
        Assert.Equal(expected, headers.Get(RequestTimeouts.ExpectedHeader, 0));
    }

    [Fact]
    public void Take_GrpcDeadline_CappedAndTold()
    {
        var headers = new HeaderLines([KeyValuePair.Create("grpc-timeout", "5S")]);
        var timeouts = RequestTimeouts.Take(Action(Milliseconds(2000)), null, isGrpc: true, respectExpected: false, ref headers);
        timeouts.Announce(TimeSpan.Zero, setsExpected: true, hedges: false, ref headers);
        Assert.Equal((Milliseconds(2000), "2000m"), (timeouts.Request, headers.Get("grpc-timeout", 0)));
    }

    [Fact]
    public void Take_NoTimeout_NothingIsTold()
    {
        var headers = new HeaderLines();
        var timeouts = RequestTimeouts.Take(Action(null), null, isGrpc: false, respectExpected: false, ref headers);
        timeouts.Announce(TimeSpan.Zero, setsExpected: true, hedges: false, ref headers);
        Assert.Equal(TimeSpan.Zero, timeouts.Request);
        Assert.Empty(headers.Lines);
    }

    private static ForwardAction Action(TimeSpan? maxGrpc) => new() { Clusters = ClusterSelector.Single("c"), Timeout = TimeSpan.Zero, MaxGrpcTimeout = maxGrpc };

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);
}
