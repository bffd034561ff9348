using Waypoint.Model.Filters.Fault;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tests.Filters.Fault;

public sealed class FaultInjectionTests
{
    [Theory]
    [InlineData(299_999UL, 2)]
    [InlineData(300_000UL, 0)]
    public void DelayFor_ShareOfAMillion_RestIsNotDelayed(ulong randomValue, int seconds)
    {
        var faults = new FaultInjection { Delay = TimeSpan.FromSeconds(2), DelayShare = new Fraction(300_000, 1_000_000) };
        Assert.Equal(TimeSpan.FromSeconds(seconds), faults.DelayFor(randomValue));
    }

    [Fact]
    public void Decisions_NoPercentage_NeverFire()
    {
        var faults = new FaultInjection { Delay = TimeSpan.FromSeconds(2), AbortStatus = 503 };
        Assert.Equal((TimeSpan.Zero, false), (faults.DelayFor(0), faults.Aborts(0)));
    }

    [Theory]
    [InlineData(503, null, true)]
    [InlineData(0, 0, true)]
    [InlineData(0, null, false)]
    public void Aborts_AlwaysButWithoutAStatus(int status, int? grpcStatus, bool aborts)
    {
        var faults = new FaultInjection { AbortStatus = status, AbortGrpcStatus = grpcStatus, AbortShare = new Fraction(100, 100) };
        Assert.Equal(aborts, faults.Aborts(99));
    }
}
