using Waypoint.Proxy.Upstream.Dns;

namespace Waypoint.Proxy.Tests.Upstream.Dns;

public sealed class HostPortTests
{
    [Theory]
    [InlineData("A.example", "a.example", 80)]
    [InlineData("a.example:8443", "a.example", 8443)]
    [InlineData("10.0.0.1:1", "10.0.0.1", 1)]
    [InlineData("[fd00::1]", "fd00::1", 80)]
    [InlineData("[fd00::1]:9", "fd00::1", 9)]
    public void TryParse_HostAndPort_Split(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, 80, out HostPort place));
        Assert.Equal(new HostPort(host, port), place);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("a:0")]
    [InlineData("a:70000")]
    [InlineData("a:b")]
    [InlineData("a:1:2")]
    [InlineData("a/b")]
    [InlineData("user@a")]
    [InlineData("[fd00::1")]
    [InlineData("[fd00::1]x")]
    [InlineData("a b")]
    [InlineData("a%2e")]
    public void TryParse_NoHost_False(string text) => Assert.False(HostPort.TryParse(text, 80, out _));

    [Fact]
    public void Parse_ResolvConf_WhatResolversUnderstand()
    {
        ResolverSettings settings = ResolverSettings.Parse("# c\nnameserver 10.96.0.10\r\nnameserver nonsense\nsearch shop.svc.cluster.local svc.cluster.local\noptions ndots:5 timeout:2 attempts:9 rotate\nodd\n");

        Assert.Equal("10.96.0.10:53", Assert.Single(settings.Servers).ToString());
        Assert.Equal(["shop.svc.cluster.local", "svc.cluster.local"], settings.Suffixes);
        Assert.Equal((TimeSpan.FromSeconds(2), 5), (settings.Timeout, settings.Attempts));
    }
}
