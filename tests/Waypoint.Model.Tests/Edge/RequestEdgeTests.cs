using System.Net;
using Waypoint.Model.Edge;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Edge;

public sealed class RequestEdgeTests
{
    private static readonly EdgeConnection FromPod = new(IPAddress.Parse("10.0.0.7"), 80, IsTls: false);
    private static readonly EdgeConfig AtTheEdge = new() { UseRemoteAddress = true, SkipForwardedForAppend = false, InternalAddresses = AddressSet.Private };

    [Fact]
    public void Apply_PeerIsAProxyOfOurs_ForwardedForTellsTheClientAndStaysAsItIs()
    {
        var headers = Lines(("x-forwarded-for", "203.0.113.9, 198.51.100.4"));
        EdgeResult result = Apply(ref headers, new EdgeConfig());
        Assert.Equal(IPAddress.Parse("198.51.100.4"), result.Client);
        Assert.Equal("203.0.113.9, 198.51.100.4", headers.Get("x-forwarded-for", 0));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("10.0.0.1, ")]
    [InlineData("fe80::1%eth0")]
    [InlineData("2130706433")]
    public void Apply_ForwardedForEndsInNoAddress_TheClientIsThePeer(string value)
    {
        var headers = Lines(("x-forwarded-for", value));
        Assert.Null(Apply(ref headers, new EdgeConfig()).Client);
    }

    [Fact]
    public void Apply_ClientAtTheEdgeClaimsOthers_OnlyThePeerCounts()
    {
        var headers = Lines(("x-forwarded-for", "10.0.0.1"), ("x-forwarded-proto", "https"), ("x-envoy-original-path", "/x"), ("x-request-id", "theirs"));
        EdgeResult result = RequestEdge.Apply(ref headers, AtTheEdge, FromPod with { Peer = IPAddress.Parse("203.0.113.9") }, static () => "ours");
        Assert.Equal((null, false), (result.Client, result.IsInternal));
        Assert.Equal("10.0.0.1,203.0.113.9", headers.Get("x-forwarded-for", 0));
        Assert.Equal("http", headers.Get("x-forwarded-proto", 0));
        Assert.Equal("203.0.113.9", headers.Get("x-envoy-external-address", 0));
        Assert.Equal("ours", headers.Get("x-request-id", 0));
        Assert.Equal(0, headers.Count("x-envoy-original-path"));
    }

    [Fact]
    public void Apply_InternalClient_MayControlTheRouter()
    {
        var headers = Lines(("x-envoy-retry-on", "5xx"));
        Assert.True(Apply(ref headers, AtTheEdge).IsInternal);
        Assert.Equal("5xx", headers.Get("x-envoy-retry-on", 0));
        Assert.Equal("true", headers.Get("x-envoy-internal", 0));
    }

    [Theory]
    [InlineData("x-envoy-retry-on")]
    [InlineData("x-envoy-internal")]
    [InlineData("x-envoy-force-trace")]
    [InlineData("x-envoy-upstream-rq-timeout-ms")]
    public void Apply_AddressesThatCountAsInternalAreNone_NobodyControlsTheRouter(string name)
    {
        var headers = Lines((name, "1"), ("x-forwarded-for", "10.0.0.1"));
        Assert.False(Apply(ref headers, new EdgeConfig()).IsInternal);
        Assert.Equal(0, headers.Count(name));
    }

    [Theory]
    [InlineData("https://shop.test/a?b=c", true)]
    [InlineData("/relative", true)]
    [InlineData("https://shop.test/a b", false)]
    [InlineData("1x://shop.test/", false)]
    [InlineData("https://", false)]
    public void Apply_Referer_KeptOnlyIfItIsOne(string value, bool kept)
    {
        var headers = Lines(("referer", value));
        Apply(ref headers, new EdgeConfig());
        Assert.Equal(kept ? 1 : 0, headers.Count("referer"));
    }

    [Fact]
    public void Apply_UpgradeAndWithout_ConnectionStaysOnlyForTheUpgrade()
    {
        var upgrade = Lines(("connection", "keep-alive, Upgrade"), ("upgrade", "websocket"));
        var other = Lines(("connection", "keep-alive"), ("upgrade", "websocket"), ("keep-alive", "5"), ("proxy-connection", "x"));
        Apply(ref upgrade, new EdgeConfig());
        Apply(ref other, new EdgeConfig());
        Assert.Equal((1, 1), (upgrade.Count("connection"), upgrade.Count("upgrade")));
        Assert.Equal((0, 0, 0, 0), (other.Count("connection"), other.Count("upgrade"), other.Count("keep-alive"), other.Count("proxy-connection")));
    }

    [Theory]
    [InlineData("shop.test.:80", HostPortStripping.Matching, true, "shop.test")]
    [InlineData("shop.test:81", HostPortStripping.Matching, false, "shop.test:81")]
    [InlineData("[::1]:81", HostPortStripping.Any, false, "[::1]")]
    [InlineData("::1", HostPortStripping.None, true, "::1")]
    public void NormalizeHost_PortAndDot_AsConfigured(string host, HostPortStripping ports, bool dot, string expected) =>
        Assert.Equal(expected, RequestEdge.NormalizeHost(host, new EdgeConfig { StripHostPort = ports, StripTrailingHostDot = dot }, 80));

    [Fact]
    public void Apply_ClientCertHeaderWithoutMutualTls_RemovedUnlessEverybodyIsTrusted()
    {
        foreach (ClientCertForwarding mode in Enum.GetValues<ClientCertForwarding>())
        {
            var headers = Lines(("x-forwarded-client-cert", "URI=spiffe://cluster.local/ns/a/sa/admin"));
            Apply(ref headers, new EdgeConfig { ClientCert = mode });
            Assert.Equal((mode, mode == ClientCertForwarding.AlwaysForwardOnly ? 1 : 0), (mode, headers.Count("x-forwarded-client-cert")));
        }
    }

    private static EdgeResult Apply(ref HeaderLines headers, EdgeConfig config) => RequestEdge.Apply(ref headers, config, FromPod, static () => "ours");

    private static HeaderLines Lines(params (string Name, string Value)[] lines) => new(lines.Select(static line => KeyValuePair.Create(line.Name, line.Value)));
}
