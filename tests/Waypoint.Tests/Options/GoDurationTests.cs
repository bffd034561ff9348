using Waypoint.Options;

namespace Waypoint.Tests.Options;

public class GoDurationTests
{
    [Theory]
    [InlineData("45s", 45)]
    [InlineData("1h30m", 5400)]
    [InlineData("500ms", 0.5)]
    [InlineData("1.5s", 1.5)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    public void TryParse_Duration_Seconds(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var value));
        Assert.Equal(seconds, value.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("1.2.3s")]
    [InlineData("5d")]
    public void TryParse_Other_Refused(string text) => Assert.False(GoDuration.TryParse(text, out _));
}
