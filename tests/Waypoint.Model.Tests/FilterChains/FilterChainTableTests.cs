using System.Collections.Frozen;
using System.Net;
using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Tests.FilterChains;

public sealed class FilterChainTableTests
{
    private static readonly IPAddress Vip = IPAddress.Parse("10.96.0.11");

    [Fact]
    public void Match_DeclaredPort_ChainIsFoundWithoutInspection()
    {
        FilterChainMatch match = Table().Match(Query(80));

        Assert.Equal(FilterChainOutcome.Found, match.Outcome);
        Assert.Equal("http-80", match.Chain!.Name);
    }

    [Fact]
    public void Match_UndeclaredPortNotInspected_ProtocolIsNeeded() =>
        Assert.Equal(FilterChainOutcome.NeedsProtocol, Table().Match(Query(7000)).Outcome);

    [Theory]
    [InlineData(ApplicationProtocol.Http11, "http-7000")]
    [InlineData(ApplicationProtocol.Http2, "http-7000")]
    [InlineData(ApplicationProtocol.Http10, "tcp-7000")]
    [InlineData(ApplicationProtocol.Unknown, "tcp-7000")]
    public void Match_UndeclaredPortInspected_ChainOfTheProtocol(ApplicationProtocol protocol, string chain) =>
        Assert.Equal(chain, Table().Match(Query(7000) with { Protocol = protocol }).Chain?.Name);

    [Theory]
    [InlineData(ApplicationProtocol.NotInspected)]
    [InlineData(ApplicationProtocol.Http11)]
    public void Match_InspectionDisabledOnThePort_TcpChainWhateverTheBytes(ApplicationProtocol protocol)
    {
        FilterChainTable table = Table(PortSet.Range(7000, 7001));

        Assert.Equal("tcp-7000", table.Match(Query(7000) with { Protocol = protocol }).Chain?.Name);
    }

    [Fact]
    public void Match_PortNotServed_NoChain() => Assert.Equal(FilterChainOutcome.None, Table().Match(Query(81)).Outcome);

    [Fact]
    public void Match_MatcherNamesAChainThatIsMissing_NoChain()
    {
        var table = new FilterChainTable(FrozenDictionary<string, FilterChain>.Empty, new FixedChainMatcher("gone"));

        Assert.Equal(FilterChainOutcome.None, table.Match(Query(80)).Outcome);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("::ffff:0.0.0.0")]
    public void Match_UnspecifiedAddressOfAHeadlessService_NoChain(string address)
    {
        var matcher = new DestinationAddressMatcher(
            [new AddressRange(IPAddress.Any, 32, new FixedChainMatcher("http-80"), false), new AddressRange(IPAddress.IPv6Any, 128, new FixedChainMatcher("http-80"), false)],
            new FixedChainMatcher("http-80"));
        var table = new FilterChainTable(Chains(), matcher);

        Assert.Equal(FilterChainOutcome.None, table.Match(Query(80) with { DestinationAddress = IPAddress.Parse(address) }).Outcome);
    }

    [Fact]
    public void Match_AuthorityMatcherBeforeAddresses_HostNameFindsItsChain()
    {
        var matcher = new TunnelStateMatcher(
            TunnelState.ConnectAuthority,
            new Dictionary<string, FilterChainMatcher> { ["reviews.shop:80"] = new FixedChainMatcher("http-7000") },
            Addresses());
        var table = new FilterChainTable(Chains(), matcher);

        Assert.Equal("http-7000", table.Match(new FilterChainQuery { Authority = "reviews.shop:80", DestinationPort = 80 }).Chain?.Name);
        Assert.Equal(FilterChainOutcome.None, table.Match(new FilterChainQuery { Authority = "Reviews.shop:80", DestinationPort = 80 }).Outcome);
        Assert.Equal("http-80", table.Match(Query(80)).Chain?.Name);
    }

    [Theory]
    [InlineData("waypoint", "tcp-7000")]
    [InlineData("gateway", "http-80")]
    [InlineData(null, "http-80")]
    public void Match_SourceMatcher_HeaderDecides(string? source, string chain)
    {
        var matcher = new TunnelStateMatcher(
            TunnelState.Source, new Dictionary<string, FilterChainMatcher> { ["waypoint"] = new FixedChainMatcher("tcp-7000") }, new FixedChainMatcher("http-80"));

        Assert.Equal(chain, new FilterChainTable(Chains(), matcher).Match(Query(80) with { IstioSource = source }).Chain?.Name);
    }

    private static FilterChainQuery Query(int port) => new() { DestinationAddress = Vip, DestinationPort = port, Authority = $"{Vip}:{port}" };

    private static FilterChainTable Table(PortSet? uninspected = null) =>
        new(Chains(), Addresses()) { UninspectedPorts = uninspected ?? PortSet.None };

    private static DestinationAddressMatcher Addresses()
    {
        var protocols = new ApplicationProtocolMatcher(
            new Dictionary<string, FilterChainMatcher> { ["'h2c'"] = new FixedChainMatcher("http-7000"), ["'http/1.1'"] = new FixedChainMatcher("http-7000") },
            new FixedChainMatcher("tcp-7000"));
        var ports = new DestinationPortMatcher(
            new Dictionary<int, FilterChainMatcher> { [80] = new FixedChainMatcher("http-80"), [7000] = protocols }, null);
        return new DestinationAddressMatcher([new AddressRange(Vip, 32, ports, false)], null);
    }

    private static FrozenDictionary<string, FilterChain> Chains() =>
        new[] { "http-80", "http-7000", "tcp-7000" }.ToFrozenDictionary(n => n, n => new FilterChain { Name = n, ContentHash = default });
}
