using Waypoint.Model.Clusters;

namespace Waypoint.Model.Tests.Clusters;

public sealed class DnsSettingsTests
{
    private static readonly DnsSettings Settings = new() { RefreshRate = TimeSpan.FromSeconds(60), RespectTtl = true, Jitter = TimeSpan.FromSeconds(2) };

    [Theory]
    [InlineData(30, 0.5, 31)]
    [InlineData(0, 0, 1)]
    [InlineData(int.MaxValue, 0, 86400)]
    [InlineData(null, 0, 60)]
    public void NextRefresh_AfterAnAnswer_ItsTtlWithJitter(int? ttl, double random, double expected) =>
        Assert.Equal(expected, Settings.NextRefresh(ttl is { } seconds ? TimeSpan.FromSeconds(seconds) : null, 0, random).TotalSeconds);

    [Fact]
    public void NextRefresh_TtlIsNotRespected_RefreshRate() =>
        Assert.Equal(60, (Settings with { RespectTtl = false }).NextRefresh(TimeSpan.FromSeconds(3), 0, 0).TotalSeconds);

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 0, 2)]
    [InlineData(3, 1, 8)]
    [InlineData(9, 1, 10)]
    [InlineData(1000, 0, 5)]
    public void NextRefresh_FailuresInARow_GrowsToItsMaximum(int failures, double random, double expected)
    {
        DnsSettings failing = Settings with { FailureBase = TimeSpan.FromSeconds(2), FailureMax = TimeSpan.FromSeconds(10) };

        Assert.Equal(expected, failing.NextRefresh(null, failures, random).TotalSeconds);
    }
}
