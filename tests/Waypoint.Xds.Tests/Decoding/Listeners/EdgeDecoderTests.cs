using System.Net;
using Waypoint.Model.Edge;
using Waypoint.Model.FilterChains;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Listeners;

namespace Waypoint.Xds.Tests.Decoding.Listeners;

public sealed class EdgeDecoderTests
{
    private readonly DecodeContext _context = new("Filter chain 'c'");

    [Fact]
    public void Decode_WhatIstiodSends_NobodyIsInternalAndForwardedForStays()
    {
        EdgeConfig edge = EdgeDecoder.Decode(new HttpConnectionManager { UseRemoteAddress = false }, _context);
        Assert.False(_context.HasProblems);
        Assert.Equal((false, true, true), (edge.UseRemoteAddress, edge.SkipForwardedForAppend, edge.GenerateRequestId));
        Assert.False(edge.InternalAddresses.Contains(IPAddress.Loopback));
        Assert.Equal(ClientCertForwarding.Sanitize, edge.ClientCert);
    }

    [Fact]
    public void Decode_InternalAddresses_ThoseCountAndNoOthers()
    {
        var message = new HttpConnectionManager
        {
            InternalAddressConfig = new HttpConnectionManager.Types.InternalAddressConfig { CidrRanges = { new CidrRange { AddressPrefix = "10.0.0.0", PrefixLen = 8 } } },
        };
        EdgeConfig edge = EdgeDecoder.Decode(message, _context);
        Assert.False(_context.HasProblems);
        Assert.True(edge.InternalAddresses.Contains(IPAddress.Parse("10.1.2.3")));
        Assert.False(edge.InternalAddresses.Contains(IPAddress.Parse("192.168.0.1")));
    }

    [Fact]
    public void Decode_InternalAddressThatIsNone_Refused()
    {
        var message = new HttpConnectionManager
        {
            InternalAddressConfig = new HttpConnectionManager.Types.InternalAddressConfig { CidrRanges = { new CidrRange { AddressPrefix = "anywhere" } } },
        };
        EdgeDecoder.Decode(message, _context);
        Assert.Contains("internal_address_config.cidr_ranges[0].address_prefix", Assert.Single(_context.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ClientCertModeOfTheFuture_Refused()
    {
        EdgeDecoder.Decode(new HttpConnectionManager { ForwardClientCertDetails = (HttpConnectionManager.Types.ForwardClientCertDetails)9 }, _context);
        Assert.True(_context.HasProblems);
    }

    [Fact]
    public void DecodeHttp1_Nothing_EnvoysDefaults()
    {
        Http1Config http1 = Http1ConfigDecoder.Decode(new HttpConnectionManager(), _context);
        Assert.False(_context.HasProblems);
        Assert.Equal((60 * 1024, 100, true, false, false), (http1.MaxHeadBytes, http1.MaxHeaderCount, http1.AllowAbsoluteUrl, http1.EnableTrailers, http1.AllowChunkedLength));
    }

    [Fact]
    public void DecodeHttp1_LimitsAndUnderscores_AsSent()
    {
        var message = new HttpConnectionManager
        {
            MaxRequestHeadersKb = 96,
            CommonHttpProtocolOptions = new HttpProtocolOptions { MaxHeadersCount = 7, HeadersWithUnderscoresAction = HttpProtocolOptions.Types.HeadersWithUnderscoresAction.RejectRequest },
        };
        Http1Config http1 = Http1ConfigDecoder.Decode(message, _context);
        Assert.Equal((96 * 1024, 7, UnderscoreHeadersAction.RejectRequest), (http1.MaxHeadBytes, http1.MaxHeaderCount, http1.UnderscoreHeaders));
    }
}
