using Microsoft.AspNetCore.Http;
using Waypoint.Model.Failures;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Http;

public sealed class LocalReplyTests
{
    [Fact]
    public async Task FailAsync_NoHealthyUpstream_TextBodyWithLength()
    {
        HttpExchange exchange = new ExchangeBuilder().Build();
        await LocalReply.FailAsync(exchange, FailureReason.NoHealthyUpstream);
        HttpResponse response = exchange.Context.Response;
        Assert.Equal((503, "text/plain", 19L, "istio-envoy"), (response.StatusCode, response.ContentType, response.ContentLength, response.Headers.Server.ToString()));
    }

    [Fact]
    public async Task FailAsync_GrpcRequest_StatusInHeadersOnly()
    {
        HttpExchange exchange = new ExchangeBuilder { Headers = [("content-type", "application/grpc+proto")] }.Build();
        await LocalReply.FailAsync(exchange, FailureReason.NoHealthyUpstream);
        HttpResponse response = exchange.Context.Response;
        Assert.Equal((200, "14", "no healthy upstream"), (response.StatusCode, response.Headers["grpc-status"].ToString(), response.Headers["grpc-message"].ToString()));
    }

    [Fact]
    public async Task FailAsync_GrpcLikeContentType_IsNotGrpc()
    {
        HttpExchange exchange = new ExchangeBuilder { Headers = [("content-type", "application/grpcx")] }.Build();
        await LocalReply.FailAsync(exchange, FailureReason.NoRoute);
        Assert.Equal(404, exchange.Context.Response.StatusCode);
    }

    [Fact]
    public async Task FailAsync_Overflow_SaysOverloaded()
    {
        HttpExchange exchange = new ExchangeBuilder().Build();
        await LocalReply.FailAsync(exchange, FailureReason.Overflow);
        Assert.Equal("true", exchange.Context.Response.Headers["x-envoy-overloaded"].ToString());
    }
}
