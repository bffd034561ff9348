using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.Fault;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Fault.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;

namespace Waypoint.Xds.Tests.Decoding.Filters;

public sealed class FaultDecoderTests
{
    private readonly DecodeContext _context = new("Filter chain 'inbound-vip|80|http|catalog'");

    [Fact]
    public void DecodePerRoute_DelayAndAbortWithoutPercentage_AbortNeverFires()
    {
        FaultInjection faults = FaultDecoder.DecodePerRoute(Message("""
            {"delay": {"fixed_delay": "2s", "percentage": {"numerator": 300000, "denominator": "MILLION"}}, "abort": {"http_status": 503}}
            """), _context)!.Faults;
        Assert.Empty(_context.Problems);
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.Zero, 503), (faults.DelayFor(299_999), faults.DelayFor(300_000), faults.AbortStatus));
        Assert.False(faults.Aborts(0));
    }

    [Fact]
    public void DecodePerRoute_GrpcStatusZero_IsAnAbortOfItsOwn()
    {
        FaultInjection faults = FaultDecoder.DecodePerRoute(Message("""{"abort": {"grpc_status": 0, "percentage": {"numerator": 100}}}"""), _context)!.Faults;
        Assert.Empty(_context.Problems);
        Assert.Equal((0, 0, true), (faults.AbortStatus, faults.AbortGrpcStatus, faults.Aborts(99)));
    }

    [Fact]
    public void DecodeHttp_AsIstiodSendsIt_InjectsNothing()
    {
        Assert.Equal(new FaultFilterConfig("f", FaultInjection.None), FaultDecoder.DecodeHttp("f", Message("{}"), _context));
        Assert.Empty(_context.Problems);
    }

    [Theory]
    [InlineData("""{"delay": {"header_delay": {}}}""", "")]
    [InlineData("""{"abort": {"header_abort": {}}}""", "")]
    [InlineData("""{"abort": {"http_status": 503}, "headers": [{"name": "x"}]}""", "")]
    [InlineData("""{"response_rate_limit": {"fixed_limit": {"limit_kbps": "1"}}}""", "")]
    [InlineData("""{"abort": {"http_status": 503}, "max_active_faults": 3}""", "max_active_faults")]
    [InlineData("""{"abort": {"http_status": 600}}""", "abort.http_status")]
    [InlineData("""{"delay": {"fixed_delay": "-1s"}}""", "delay.fixed_delay")]
    public void DecodePerRoute_WhatWouldHitOtherRequests_Refused(string json, string field)
    {
        FaultDecoder.DecodePerRoute(Message(json), _context);
        Assert.Equal(field, Assert.Single(_context.Problems).FieldPath);
    }

    private static Any Message(string json) => Any.Pack(Json.Parse<HTTPFault>(json));
}
