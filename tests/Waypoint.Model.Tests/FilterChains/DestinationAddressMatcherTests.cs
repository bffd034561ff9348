using System.Net;
using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Tests.FilterChains;

public sealed class DestinationAddressMatcherTests
{
    [Fact]
    public void Decide_NarrowRangeDeclaredAfterWideOne_NarrowRangeWins()
    {
        DestinationAddressMatcher matcher = Matcher(Range("10.96.0.0", 16, "wide"), Range("10.96.0.7", 32, "narrow"));

        Assert.Equal("narrow", Decide(matcher, "10.96.0.7"));
        Assert.Equal("wide", Decide(matcher, "10.96.0.8"));
    }

    [Fact]
    public void Decide_TwoServicesShareAnAddress_FirstDeclaredWins()
    {
        DestinationAddressMatcher matcher = Matcher(Range("10.96.0.7", 32, "first"), Range("10.96.0.7", 32, "second"));

        Assert.Equal("first", Decide(matcher, "10.96.0.7"));
    }

    [Fact]
    public void Decide_NestedMatcherYieldsNothing_NextRangeIsAsked()
    {
        DestinationAddressMatcher matcher = Matcher(
            new AddressRange(IPAddress.Parse("10.96.0.7"), 32, OnlyPort(9080, "first"), Exclusive: false),
            new AddressRange(IPAddress.Parse("10.96.0.7"), 32, OnlyPort(80, "second"), Exclusive: false),
            new AddressRange(IPAddress.Parse("10.96.0.0"), 16, OnlyPort(443, "wide"), Exclusive: false));

        Assert.Equal("first", Decide(matcher, "10.96.0.7", 9080));
        Assert.Equal("second", Decide(matcher, "10.96.0.7", 80));
        Assert.Equal("wide", Decide(matcher, "10.96.0.7", 443));
        Assert.Null(Decide(matcher, "10.96.0.7", 22));
    }

    [Fact]
    public void Decide_ExclusiveRangeYieldsNothing_WiderRangeIsNotAsked()
    {
        var matcher = new DestinationAddressMatcher(
            [
                new AddressRange(IPAddress.Parse("10.96.0.0"), 16, new FixedChainMatcher("wide"), Exclusive: false),
                new AddressRange(IPAddress.Parse("10.96.0.7"), 32, OnlyPort(80, "narrow"), Exclusive: true),
            ],
            new FixedChainMatcher("otherwise"));

        Assert.Equal("narrow", Decide(matcher, "10.96.0.7", 80));
        Assert.Equal("otherwise", Decide(matcher, "10.96.0.7", 81));
        Assert.Equal("wide", Decide(matcher, "10.96.0.8", 81));
    }

    [Fact]
    public void Decide_NoRangeFits_OnNoMatchDecides()
    {
        var matcher = new DestinationAddressMatcher([Range("10.96.0.7", 32, "service")], new FixedChainMatcher("otherwise"));

        Assert.Equal("otherwise", Decide(matcher, "10.96.0.9"));
        Assert.Equal("otherwise", matcher.Decide(new FilterChainQuery { Authority = "reviews.shop:80", DestinationPort = 80 }).ChainName);
    }

    [Theory]
    [InlineData("2001:db8::5", "exact")]
    [InlineData("2001:db8::6", "net")]
    [InlineData("2001:db9::6", "all")]
    [InlineData("10.0.0.1", null)]
    [InlineData("::ffff:10.96.0.7", "four")]
    public void Decide_BothFamilies_EachAsksItsOwnRanges(string address, string? expected)
    {
        DestinationAddressMatcher matcher = Matcher(
            Range("::", 0, "all"), Range("2001:db8::", 32, "net"), Range("2001:db8::5", 128, "exact"), Range("10.96.0.7", 32, "four"));

        Assert.Equal(expected, Decide(matcher, address));
    }

    [Fact]
    public void Decide_EveryPrefixLength_AgreesWithBitComparison()
    {
        var random = new Random(4711);
        var address = new byte[4];
        for (int length = 0; length <= 32; length++)
        {
            random.NextBytes(address);
            var prefix = new IPAddress(address);
            DestinationAddressMatcher matcher = Matcher(new AddressRange(prefix, length, new FixedChainMatcher("in"), false));
            for (int bit = 0; bit < 32; bit++)
            {
                byte[] other = [.. address];
                other[bit / 8] ^= (byte)(0x80 >> (bit % 8));

                Assert.Equal(bit >= length ? "in" : null, Decide(matcher, new IPAddress(other).ToString()));
            }
        }
    }

    [Fact]
    public void Decide_HundredsOfServices_AllocatesNothing()
    {
        var ranges = Enumerable.Range(0, 600).Select(i => Range($"10.96.{i / 250}.{i % 250 + 1}", 32, $"service-{i}"));
        var matcher = new DestinationAddressMatcher(ranges, null);
        var query = new FilterChainQuery { DestinationAddress = IPAddress.Parse("10.96.1.17"), DestinationPort = 80, Authority = "" };
        matcher.Decide(query);

        long before = GC.GetAllocatedBytesForCurrentThread();
        FilterChainDecision decision = default;
        for (int i = 0; i < 1000; i++)
            decision = matcher.Decide(query);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal("service-266", decision.ChainName);
    }

    private static DestinationAddressMatcher Matcher(params AddressRange[] ranges) => new(ranges, null);

    private static AddressRange Range(string prefix, int length, string chain) => new(IPAddress.Parse(prefix), length, new FixedChainMatcher(chain), false);

    private static DestinationPortMatcher OnlyPort(int port, string chain) =>
        new(new Dictionary<int, FilterChainMatcher> { [port] = new FixedChainMatcher(chain) }, null);

    private static string? Decide(FilterChainMatcher matcher, string address, int port = 80) =>
        matcher.Decide(new FilterChainQuery { DestinationAddress = IPAddress.Parse(address), DestinationPort = port, Authority = "" }).ChainName;
}
