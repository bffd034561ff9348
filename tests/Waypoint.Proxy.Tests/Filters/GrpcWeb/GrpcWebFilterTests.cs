using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waypoint.Model.Filters.GrpcWeb;
using Waypoint.Proxy.Filters.GrpcWeb;
using Waypoint.Proxy.Http;

namespace Waypoint.Proxy.Tests.Filters.GrpcWeb;

public sealed class GrpcWebFilterTests
{
    private const string Name = "envoy.filters.http.grpc_web";
    private static readonly byte[] Frame = [0, 0, 0, 0, 3, 1, 2, 3];

    [Theory]
    [InlineData("application/grpc-web+proto", "application/grpc-web+proto")]
    [InlineData("application/grpc-web-text", "application/grpc-web-text+proto")]
    public async Task Apply_GrpcWebRequest_UpstreamSeesGrpcAndTheClientFrames(string contentType, string answerType)
    {
        bool text = contentType.Contains("text", StringComparison.Ordinal);
        byte[] sent = text ? Encoding.ASCII.GetBytes(Convert.ToBase64String(Frame)) : Frame;
        HttpExchange exchange = Exchange(contentType, sent, out MemoryStream client);
        Assert.True(await new GrpcWebFilter(new GrpcWebFilterConfig(Name)).ApplyAsync(exchange));
        Assert.True(exchange.IsGrpc);
        Assert.Equal("trailers", exchange.Context.Request.Headers.TE);
        using var upstream = new MemoryStream();
        await exchange.Context.Request.Body.CopyToAsync(upstream, TestContext.Current.CancellationToken);
        Assert.Equal(Frame, upstream.ToArray());

        HttpResponse response = exchange.Context.Response;
        response.ContentType = "application/grpc";
        exchange.EditResponse();
        await response.Body.WriteAsync(Frame, TestContext.Current.CancellationToken);
        var trailers = new HeaderDictionary { ["grpc-status"] = "5", ["Grpc-Message"] = "none" };
        await exchange.EditTrailersAsync(trailers);

        Assert.Equal(answerType, response.ContentType);
        Assert.Empty(trailers);
        byte[] trailerFrame = [0x80, 0, 0, 0, 34, .. "grpc-status:5\r\ngrpc-message:none\r\n"u8];
        byte[] expected = text ? Encoding.ASCII.GetBytes(Convert.ToBase64String(Frame) + Convert.ToBase64String(trailerFrame)) : [.. Frame, .. trailerFrame];
        Assert.Equal(expected, client.ToArray());
    }

    [Fact]
    public async Task Apply_OtherRequest_Untouched()
    {
        HttpExchange exchange = Exchange("application/grpc", Frame, out _);
        Assert.True(await new GrpcWebFilter(new GrpcWebFilterConfig(Name)).ApplyAsync(exchange));
        exchange.Context.Response.ContentType = "application/grpc";
        exchange.EditResponse();
        Assert.Equal("application/grpc", exchange.Context.Response.ContentType);
    }

    [Theory]
    [InlineData("AAAAAAMBAgM=AAAAAAMBAgM=", 16)]
    [InlineData("", 0)]
    public async Task ReadAsync_PaddingWithinTheBody_EveryPartDecoded(string text, int bytes)
    {
        await using var body = new Base64RequestBody(new MemoryStream(Encoding.ASCII.GetBytes(text)));
        using var decoded = new MemoryStream();
        await body.CopyToAsync(decoded, TestContext.Current.CancellationToken);
        Assert.Equal(bytes, decoded.Length);
    }

    [Theory]
    [InlineData("AAAAA")]
    [InlineData("!!!!")]
    public async Task ReadAsync_NoBase64_InvalidData(string text)
    {
        await using var body = new Base64RequestBody(new MemoryStream(Encoding.ASCII.GetBytes(text)));
        await Assert.ThrowsAsync<InvalidDataException>(() => body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
    }

    private static HttpExchange Exchange(string contentType, byte[] body, out MemoryStream client)
    {
        HttpExchange exchange = FilterRoutes.Route(new ExchangeBuilder
        {
            Method = "POST",
            Target = "/s/m",
            Headers = [("content-type", contentType), ("accept", contentType)],
            Config = FilterRoutes.Config(Name, null),
        });
        client = new MemoryStream();
        exchange.Context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(client));
        exchange.Context.Request.Body = new MemoryStream(body);
        return exchange;
    }
}
