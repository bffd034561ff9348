using Waypoint.Grpc.Framing;

namespace Waypoint.Grpc.Tests.Framing;

public class TimeoutHeaderTests
{
    [Theory]
    [InlineData(0, "1n")]
    [InlineData(TimeSpan.TicksPerSecond * 5, "5000000u")]
    [InlineData(TimeSpan.TicksPerSecond * 100, "100000m")]
    [InlineData(TimeSpan.TicksPerDay * 2, "172800S")]
    [InlineData(3, "300n")]
    public void Format_AnyLength_AtMostEightDigits(long ticks, string header) => Assert.Equal(header, TimeoutHeader.Format(TimeSpan.FromTicks(ticks)));

    [Theory]
    [InlineData("1H", TimeSpan.TicksPerHour)]
    [InlineData("2M", TimeSpan.TicksPerMinute * 2)]
    [InlineData("5000000u", TimeSpan.TicksPerSecond * 5)]
    [InlineData("99999999H", 99_999_999 * TimeSpan.TicksPerHour)]
    [InlineData("300n", 3)]
    public void TryParse_EveryUnit_Read(string header, long ticks)
    {
        Assert.True(TimeoutHeader.TryParse(header, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5x")]
    [InlineData("-5S")]
    [InlineData("123456789S")]
    public void TryParse_Malformed_Refused(string header) => Assert.False(TimeoutHeader.TryParse(header, out _));
}
