using System.Net;
using System.Text;
using Waypoint.Model.Clusters;

namespace Waypoint.Model.Tests.Clusters;

public sealed class ProxyProtocolHeaderTests
{
    private static readonly IPEndPoint Client = IPEndPoint.Parse("10.244.1.101:41234");
    private static readonly IPEndPoint Vip = IPEndPoint.Parse("10.96.0.164:80");

    [Fact]
    public void Create_Version1OverIPv4_OneLine() =>
        Assert.Equal("PROXY TCP4 10.244.1.101 10.96.0.164 41234 80\r\n", Encoding.ASCII.GetString(ProxyProtocolHeader.Create(ProxyProtocolVersion.V1, Client, Vip)));

    [Fact]
    public void Create_Version1OverIPv6_OneLine() =>
        Assert.Equal(
            "PROXY TCP6 fd00::1 fd00::2 1 2\r\n",
            Encoding.ASCII.GetString(ProxyProtocolHeader.Create(ProxyProtocolVersion.V1, IPEndPoint.Parse("[fd00::1]:1"), IPEndPoint.Parse("[fd00::2]:2"))));

    [Fact]
    public void Create_Version2OverIPv4_BytesOfTheSpecification() =>
        Assert.Equal(
            "0D0A0D0A000D0A515549540A" + "21" + "11" + "000C" + "0AF40165" + "0A6000A4" + "A112" + "0050",
            Convert.ToHexString(ProxyProtocolHeader.Create(ProxyProtocolVersion.V2, Client, Vip)));

    [Fact]
    public void Create_Version2OfTwoFamilies_BothAsIPv6()
    {
        byte[] header = ProxyProtocolHeader.Create(ProxyProtocolVersion.V2, Client, IPEndPoint.Parse("[fd00::2]:2"));

        Assert.Equal("21210024", Convert.ToHexString(header, 12, 4));
        Assert.Equal(IPAddress.Parse("::ffff:10.244.1.101"), new IPAddress(header.AsSpan(16, 16)));
        Assert.Equal(52, header.Length);
    }

    [Theory]
    [InlineData(ProxyProtocolVersion.V1, "50524F585920554E4B4E4F574E0D0A")]
    [InlineData(ProxyProtocolVersion.V2, "0D0A0D0A000D0A515549540A20000000")]
    public void Create_DestinationIsNoAddress_SaysUnknown(ProxyProtocolVersion version, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(ProxyProtocolHeader.Create(version, Client, null)));
}
