using System.Net;
using Waypoint.Model.Authorization;

namespace Waypoint.Model.Tests.Authorization;

public sealed class AddressBlockTests
{
    [Theory]
    [InlineData("10.1.0.0", 16, "10.1.255.255", true)]
    [InlineData("10.1.0.0", 16, "10.2.0.0", false)]
    [InlineData("10.1.2.3", 16, "10.1.9.9", true)]
    [InlineData("10.1.2.3", 32, "10.1.2.3", true)]
    [InlineData("10.1.2.3", 32, "10.1.2.4", false)]
    [InlineData("10.1.2.3", 128, "10.1.2.3", true)]
    [InlineData("10.1.2.3", 128, "10.1.2.2", false)]
    [InlineData("10.1.2.3", 0, "192.0.2.1", true)]
    [InlineData("0.0.0.0", 0, "::1", false)]
    [InlineData("::", 0, "10.0.0.1", false)]
    [InlineData("::", 0, "fd00::1", true)]
    [InlineData("fd00:1::", 32, "fd00:1:ffff::1", true)]
    [InlineData("fd00:1::", 32, "fd00:2::1", false)]
    [InlineData("fd00::1", 128, "fd00::1", true)]
    [InlineData("10.1.2.3", 32, "::ffff:10.1.2.3", true)]
    [InlineData("10.1.2.3", 32, "::ffff:10.1.2.4", false)]
    [InlineData("::", 0, "::ffff:10.1.2.3", false)]
    [InlineData("::ffff:10.1.0.0", 112, "10.1.2.3", true)]
    [InlineData("::ffff:10.1.0.0", 112, "10.2.2.3", false)]
    public void Contains_Address_WithinPrefixOfTheSameFamily(string prefix, uint length, string address, bool expected)
    {
        Assert.True(AddressBlock.TryCreate(prefix, length, out AddressBlock block));
        Assert.Equal(expected, block.Contains(IPAddress.Parse(address)));
    }

    [Fact]
    public void Contains_PeerWithoutAddress_False()
    {
        Assert.True(AddressBlock.TryCreate("0.0.0.0", 0, out AddressBlock block));
        Assert.False(block.Contains(null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0")]
    [InlineData("1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("10.0.0.0/8")]
    [InlineData("localhost")]
    public void TryCreate_NoPlainAddress_Refused(string prefix) => Assert.False(AddressBlock.TryCreate(prefix, 8, out _));
}
