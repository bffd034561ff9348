using Waypoint.Proxy.Upstream.Mirroring;

namespace Waypoint.Proxy.Tests.Upstream.Mirroring;

public sealed class MirrorAuthorityTests
{
    [Theory]
    [InlineData("catalog.shop", "catalog.shop-shadow")]
    [InlineData("catalog.shop:8080", "catalog.shop-shadow:8080")]
    [InlineData("[fd00::1]", "[fd00::1]-shadow")]
    [InlineData("[fd00::1]:80", "[fd00::1]-shadow:80")]
    public void Of_SuffixWanted_StandsBeforeThePort(string authority, string expected) => Assert.Equal(expected, MirrorAuthority.Of(authority, appendSuffix: true));

    [Fact]
    public void Of_SuffixNotWanted_AuthorityStays() => Assert.Equal("catalog.shop:80", MirrorAuthority.Of("catalog.shop:80", appendSuffix: false));
}
