using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Waypoint.Grpc.Client;
using static Waypoint.Grpc.Tests.TestService;

namespace Waypoint.Grpc.Tests.Client;

public class GrpcCallTests
{
    [Fact]
    public async Task ServerStreaming_ManyMessages_AllInOrderThenEnd()
    {
        await using var service = await StartAsync(map => map.ServerStreaming(Text, async (_, call) =>
        {
            for (var i = 0; i < 20_000; i++)
                await call.WriteAsync(new StringValue { Value = $"{i}" }, call.Context.Cancellation);
        }));

        var expected = 0;
        await foreach (var message in service.Channel().ServerStreamingAsync(Text, new StringValue(), GrpcCallOptions.Default, CancellationToken.None))
            Assert.Equal($"{expected++}", message.Value);
        Assert.Equal(20_000, expected);
    }

    [Fact]
    public async Task ServerStreaming_LeftEarly_ServerSeesTheReset()
    {
        var stopped = new TaskCompletionSource();
        await using var service = await StartAsync(map => map.ServerStreaming(Text, async (_, call) =>
        {
            using var seen = call.Context.Cancellation.Register(stopped.SetResult);
            await call.WriteAsync(new StringValue(), call.Context.Cancellation);
            await Task.Delay(Timeout.Infinite, call.Context.Cancellation);
        }));

        await foreach (var _ in service.Channel().ServerStreamingAsync(Text, new StringValue(), GrpcCallOptions.Default, CancellationToken.None))
            break;

        await stopped.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task ServerStreaming_SlowReader_HoldsTheSender()
    {
        var written = 0;
        await using var service = await StartAsync(map => map.ServerStreaming(Bytes, async (_, call) =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await call.WriteAsync(new BytesValue { Value = ByteString.CopyFrom(new byte[1 << 20]) }, call.Context.Cancellation);
                Interlocked.Increment(ref written);
            }
        }));
        await using var call = service.Channel().Start(Bytes, GrpcCallOptions.Default, CancellationToken.None);
        await call.WriteAsync(new BytesValue(), CancellationToken.None);
        await call.CompleteAsync();

        for (var i = 0; i < 20; i++)
            Assert.NotNull(await call.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience));

        // The last one may have been read before the sender has counted it.
        Assert.InRange(Volatile.Read(ref written), 19, 200);
    }

    [Fact]
    public async Task ClientStreaming_ManyMessages_OneAnswer()
    {
        await using var service = await StartAsync(map => map.ClientStreaming(Text, async call =>
        {
            var count = 0;
            while (await call.ReadAsync(call.Context.Cancellation) is not null)
                count++;
            return new StringValue { Value = $"{count}" };
        }));

        var answer = await service.Channel().ClientStreamingAsync(Text, TextsAsync(5000), GrpcCallOptions.Default, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal("5000", answer.Value);
    }

    [Fact]
    public async Task Duplex_ServerSaysNothingBeforeTheFirstMessage_Works()
    {
        await using var service = await StartAsync(map => map.Duplex(Text, async call =>
        {
            while (await call.ReadAsync(call.Context.Cancellation) is { } message)
                await call.WriteAsync(message, call.Context.Cancellation);
            call.Context.AddTrailer("seen", "all");
        }));
        await using var call = service.Channel().Start(Text, GrpcCallOptions.Default, CancellationToken.None);

        foreach (var text in (string[])["one", "two"])
        {
            Assert.True(await call.WriteAsync(new StringValue { Value = text }, CancellationToken.None).AsTask().WaitAsync(Patience));
            Assert.Equal(text, (await call.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience))!.Value);
        }
        await call.CompleteAsync();

        Assert.Null(await call.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience));
        Assert.Contains(new GrpcHeader("seen", "all"), call.Trailers);
    }

    [Fact]
    public async Task Duplex_ServerEndsFirst_WriteSaysFalseAndReadSaysWhy()
    {
        await using var service = await StartAsync(map => map.Duplex(Text, async call =>
        {
            await call.ReadAsync(call.Context.Cancellation);
            throw new GrpcException(GrpcStatusCode.Aborted, "enough");
        }));
        await using var call = service.Channel().Start(Text, GrpcCallOptions.Default, CancellationToken.None);

        for (var i = 0; await call.WriteAsync(new StringValue { Value = new string('x', 10_000) }, CancellationToken.None).AsTask().WaitAsync(Patience); i++)
            Assert.True(i < 100_000, "the server has ended the call, and writes still succeed");

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Aborted, "enough"), await StatusOfAsync(call.ReadAsync(CancellationToken.None).AsTask()));
        Assert.Equal(new GrpcStatus(GrpcStatusCode.Aborted, "enough"), await StatusOfAsync(call.ReadAsync(CancellationToken.None).AsTask()));
    }

    [Fact]
    public async Task Duplex_ServerIsCut_Unavailable()
    {
        await using var service = await StartAsync(map => map.Duplex(Text, async call =>
        {
            await call.WriteAsync(new StringValue(), call.Context.Cancellation);
            await Task.Delay(Timeout.Infinite, call.Context.Cancellation);
        }));
        await using var call = service.Channel().Start(Text, GrpcCallOptions.Default, CancellationToken.None);
        Assert.NotNull(await call.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience));

        var read = call.ReadAsync(CancellationToken.None).AsTask();
        await service.Server.StopAsync(TimeSpan.Zero).WaitAsync(Patience);

        Assert.Contains((await StatusOfAsync(read)).Code, (GrpcStatusCode[])[GrpcStatusCode.Unavailable, GrpcStatusCode.Cancelled]);
    }

    [Theory]
    [InlineData(503, "text/html", GrpcStatusCode.Unavailable)]
    [InlineData(401, "text/html", GrpcStatusCode.Unauthenticated)]
    [InlineData(404, "text/plain", GrpcStatusCode.Unimplemented)]
    [InlineData(200, "text/html", GrpcStatusCode.Unknown)]
    [InlineData(200, "application/grpc", GrpcStatusCode.Internal)]
    public async Task Unary_IntermediaryAnswers_MappedByHttpStatus(int status, string contentType, GrpcStatusCode expected)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ListenOptions? bound = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            bound = listen;
        }));
        await using var host = builder.Build();
        host.Run(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            return Task.CompletedTask;
        });
        await host.StartAsync(CancellationToken.None);
        using var channel = new GrpcChannel(new GrpcChannelOptions { Address = bound!.EndPoint });

        var seen = await StatusOfAsync(channel.UnaryAsync(Text, new StringValue(), GrpcCallOptions.Default, CancellationToken.None));

        Assert.Equal(expected, seen.Code);
    }

    [Theory]
    [InlineData("/test.Service/Text", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/other", "text/plain", HttpStatusCode.NotFound)]
    public async Task Server_RequestThatIsNotGrpc_HttpStatus(string path, string contentType, HttpStatusCode expected)
    {
        await using var service = await EchoAsync();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{service.Server.EndPoint}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("x", new System.Net.Http.Headers.MediaTypeHeaderValue(contentType)),
        };

        using var response = await http.SendAsync(request, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(expected, response.StatusCode);
    }

    private static async IAsyncEnumerable<StringValue> TextsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return new StringValue { Value = $"{i}" };
            if (i % 1000 == 0)
                await Task.Yield();
        }
    }
}
