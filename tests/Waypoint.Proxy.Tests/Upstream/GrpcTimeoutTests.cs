using Waypoint.Model.Routes;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Tests.Upstream;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("200m", 0.2)]
    [InlineData("2S", 2)]
    [InlineData("1M", 60)]
    [InlineData("1H", 3600)]
    [InlineData("500u", 0.0005)]
    [InlineData("99999999n", 0.099999999)]
    public void TryParse_ValueWithUnit_Read(string header, double seconds)
    {
        Assert.True(GrpcTimeout.TryParse(header, out TimeSpan timeout));
        Assert.Equal(seconds, timeout.TotalSeconds, precision: 6);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("5s")]
    [InlineData("-5S")]
    [InlineData("123456789S")]
    [InlineData("5 S")]
    public void TryParse_Malformed_NoDeadline(string? header) => Assert.False(GrpcTimeout.TryParse(header, out _));

    [Theory]
    [InlineData(null, null, "5S", 15)]
    [InlineData(null, 0.0, "5S", 5)]
    [InlineData(null, 0.4, "5S", 0.4)]
    [InlineData(null, 0.4, null, 0.4)]
    [InlineData(0.0, 0.0, null, 0)]
    [InlineData(1.0, 8.0, "5S", 5)]
    public void Effective_RouteAndHeader_CapCounts(double? routeSeconds, double? capSeconds, string? header, double expectedSeconds)
    {
        var action = new ForwardAction
        {
            Clusters = ClusterSelector.Single("any"),
            Timeout = routeSeconds is { } route ? TimeSpan.FromSeconds(route) : null,
            MaxGrpcTimeout = capSeconds is { } cap ? TimeSpan.FromSeconds(cap) : null,
        };
        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), GrpcTimeout.Effective(action, header));
    }
}
