using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Grpc.Client;
using Waypoint.Grpc.Server;
using Waypoint.Testing.Time;
using static Waypoint.Grpc.Tests.TestService;

namespace Waypoint.Grpc.Tests.Client;

public class GrpcChannelTests
{
    [Fact]
    public async Task Unary_Echo_AnswerReturned()
    {
        await using var service = await EchoAsync();

        Assert.Equal("hello", (await service.SayAsync("hello")).Value);
    }

    [Fact]
    public async Task Unary_OverUnixSocket_AnswerReturned()
    {
        var path = Path.Combine(Path.GetTempPath(), $"waypoint-{Guid.NewGuid():N}.sock");
        await using var service = await EchoAsync(new GrpcServerOptions { EndPoint = new UnixDomainSocketEndPoint(path) });

        Assert.Equal("hello", (await service.SayAsync("hello")).Value);
    }

    [Fact]
    public async Task Unary_HandlerChoosesStatus_StatusAndMessageArrive()
    {
        await using var service = await StartAsync(map => map.Unary(Text, (_, _) => throw new GrpcException(GrpcStatusCode.PermissionDenied, "100% é")));

        Assert.Equal(new GrpcStatus(GrpcStatusCode.PermissionDenied, "100% é"), await StatusOfAsync(service.SayAsync("x")));
    }

    [Fact]
    public async Task Unary_HandlerFails_UnknownWithoutItsText()
    {
        await using var service = await StartAsync(map => map.Unary(Text, (_, _) => throw new InvalidDataException("secret")));

        var status = await StatusOfAsync(service.SayAsync("x"));

        Assert.Equal(GrpcStatusCode.Unknown, status.Code);
        Assert.DoesNotContain("secret", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_UnknownMethod_Unimplemented()
    {
        await using var service = await StartAsync(_ => { });

        Assert.Equal(GrpcStatusCode.Unimplemented, (await StatusOfAsync(service.SayAsync("x"))).Code);
    }

    [Fact]
    public async Task Unary_HundredMegabytes_PassBothWays()
    {
        await using var service = await StartAsync(map => map.Unary(Bytes, (request, _) => ValueTask.FromResult(request)));
        var large = new byte[100_000_000];
        new Random(1).NextBytes(large);

        var answer = await service.Channel().UnaryAsync(Bytes, new BytesValue { Value = UnsafeByteOperations.UnsafeWrap(large) }, GrpcCallOptions.Default, CancellationToken.None)
            .WaitAsync(Patience);

        Assert.True(answer.Value.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task Unary_AnswerAboveLimit_ResourceExhausted()
    {
        await using var service = await EchoAsync();

        var status = await StatusOfAsync(service.SayAsync(new string('x', 2000), service.Options with { MaxReceiveMessageBytes = 1000 }));

        Assert.Equal(GrpcStatusCode.ResourceExhausted, status.Code);
    }

    [Fact]
    public async Task Unary_RequestAboveLimitOfServer_ResourceExhausted()
    {
        await using var service = await StartAsync(map => map.Unary(Text, (request, _) => ValueTask.FromResult(request)), services: new GrpcServiceMap(1000));

        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await StatusOfAsync(service.SayAsync(new string('x', 2_000_000)))).Code);
    }

    [Fact]
    public async Task Unary_NobodyListens_Unavailable()
    {
        await using var service = await EchoAsync();
        await service.Server.StopAsync(TimeSpan.Zero);

        Assert.Equal(GrpcStatusCode.Unavailable, (await StatusOfAsync(service.SayAsync("x"))).Code);
    }

    [Fact]
    public async Task Unary_ManyAtOnce_EachGetsItsAnswer()
    {
        await using var service = await EchoAsync();
        var channel = service.Channel();

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
            (await channel.UnaryAsync(Text, new StringValue { Value = $"{i}" }, GrpcCallOptions.Default, CancellationToken.None)).Value)).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), answers);
    }

    [Fact]
    public async Task Unary_FailsAtOnceManyTimes_AlwaysTheStatusOfTheServer()
    {
        await using var service = await StartAsync(map => map.Duplex(Text, _ => throw new GrpcException(GrpcStatusCode.Unauthenticated, "no")));
        var channel = service.Channel();

        for (var i = 0; i < 200; i++)
            Assert.Equal(GrpcStatusCode.Unauthenticated, (await StatusOfAsync(channel.UnaryAsync(Text, new StringValue(), GrpcCallOptions.Default, CancellationToken.None))).Code);
    }

    [Fact]
    public async Task Call_TokenAndMetadata_FreshTokenForEveryCall()
    {
        await using var service = await StartAsync(map => map.Unary(Text, (_, context) =>
            ValueTask.FromResult(new StringValue { Value = $"{context.Header("authorization")} {context.Header("clusterid")} {context.Header("call")}" })));
        var reads = 0;
        var channel = service.Channel(service.Options with
        {
            BearerToken = _ => ValueTask.FromResult<string?>($"token-{++reads}"),
            Metadata = [new GrpcHeader("clusterid", "Kubernetes")],
        });
        var options = new GrpcCallOptions { Metadata = [new GrpcHeader("call", "own")] };

        Assert.Equal("Bearer token-1 Kubernetes own", (await channel.UnaryAsync(Text, new StringValue(), options, CancellationToken.None).WaitAsync(Patience)).Value);
        Assert.Equal("Bearer token-2 Kubernetes own", (await channel.UnaryAsync(Text, new StringValue(), options, CancellationToken.None).WaitAsync(Patience)).Value);
    }

    [Fact]
    public async Task Call_TokenCannotBeRead_Unauthenticated()
    {
        await using var service = await EchoAsync();

        var status = await StatusOfAsync(service.SayAsync("x", service.Options with { BearerToken = _ => throw new FileNotFoundException("gone") }));

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unauthenticated, "no token: gone"), status);
    }

    [Fact]
    public async Task Call_WithoutToken_NoAuthorizationSent()
    {
        await using var service = await StartAsync(map => map.Unary(Text, (_, context) => ValueTask.FromResult(new StringValue { Value = context.Header("authorization") ?? "none" })));

        Assert.Equal("none", (await service.SayAsync("x", service.Options with { BearerToken = _ => ValueTask.FromResult<string?>(null) })).Value);
    }

    [Fact]
    public async Task Call_DeadlinePasses_DeadlineExceededAndServerWasTold()
    {
        var told = new TaskCompletionSource<string?>();
        await using var service = await StartAsync(map => map.Unary(Text, async (request, context) =>
        {
            told.SetResult(context.Header("grpc-timeout"));
            await Task.Delay(Timeout.Infinite, context.Cancellation);
            return request;
        }));
        var time = new FakeTimeProvider();
        var call = service.Channel(service.Options with { Time = time })
            .UnaryAsync(Text, new StringValue(), new GrpcCallOptions { Timeout = TimeSpan.FromSeconds(3) }, CancellationToken.None);
        Assert.Equal("3000m", await told.Task.WaitAsync(Patience));

        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await StatusOfAsync(call)).Code);
    }

    [Fact]
    public async Task Call_DeadlinePassesAtServer_DeadlineExceeded()
    {
        await using var service = await StartAsync(map => map.Unary(Text, async (request, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.Cancellation);
            return request;
        }));

        // The clock of this side stands still.
        var call = service.Channel(service.Options with { Time = new FakeTimeProvider() })
            .UnaryAsync(Text, new StringValue(), new GrpcCallOptions { Timeout = TimeSpan.FromMilliseconds(20) }, CancellationToken.None);

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await StatusOfAsync(call)).Code);
    }

    [Fact]
    public async Task Call_Cancelled_CallerSeesItsTokenAndServerStops()
    {
        var entered = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        await using var service = await StartAsync(map => map.Unary(Text, async (request, context) =>
        {
            using var seen = context.Cancellation.Register(stopped.SetResult);
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, context.Cancellation);
            return request;
        }));
        using var cancel = new CancellationTokenSource();
        var call = service.Channel().UnaryAsync(Text, new StringValue(), GrpcCallOptions.Default, cancel.Token);
        await entered.Task.WaitAsync(Patience);

        await cancel.CancelAsync();

        var seen = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        Assert.Equal(cancel.Token, seen.CancellationToken);
        await stopped.Task.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(0.1, "1m")]
    [InlineData(1500, "1500m")]
    [InlineData(172_800_000, "172800S")]
    public async Task Call_Timeout_ToldInUnitsThatFit(double milliseconds, string expected)
    {
        var told = new TaskCompletionSource<string>();
        using var pool = new HttpMessageInvoker(new RecordingHandler(request => told.TrySetResult(string.Join(' ', request.Headers.GetValues("grpc-timeout")))));
        var channel = new PooledChannels().Over(pool, "http://10.0.0.1:9000", "authz.local", 1000, new FakeTimeProvider());

        var call = channel.UnaryAsync(Text, new StringValue(), new GrpcCallOptions { Timeout = TimeSpan.FromMilliseconds(milliseconds) }, CancellationToken.None);

        Assert.Equal(expected, await told.Task.WaitAsync(Patience));
        await Assert.ThrowsAsync<GrpcException>(() => call.WaitAsync(Patience));
    }

    [Fact]
    public void Pool_AskedAgain_SameChannel()
    {
        using var pool = new HttpMessageInvoker(new RecordingHandler(_ => { }));
        using var other = new HttpMessageInvoker(new RecordingHandler(_ => { }));
        var channels = new PooledChannels();
        var first = channels.Over(pool, "http://10.0.0.1:9000", "authz.local", 1000, TimeProvider.System);

        Assert.Same(first, channels.Over(pool, "http://10.0.0.1:9000", "authz.local", 1000, TimeProvider.System));
        Assert.NotSame(first, channels.Over(pool, "http://10.0.0.1:9000", "other.local", 1000, TimeProvider.System));
        Assert.NotSame(first, channels.Over(other, "http://10.0.0.1:9000", "authz.local", 1000, TimeProvider.System));
    }

    [Fact]
    public async Task Pool_OfSomebodyElse_AuthorityAndMetadataSentAndPoolLeftOpen()
    {
        await using var service = await StartAsync(map => map.Unary(Text, (_, context) =>
            ValueTask.FromResult(new StringValue { Value = $"{context.Http.Request.Host} {context.Header("call")}" })));
        using var pool = new HttpMessageInvoker(new SocketsHttpHandler());
        var options = new GrpcCallOptions { Metadata = [new GrpcHeader("call", "own")] };

        for (var i = 0; i < 2; i++)
        {
            using var channel = new GrpcChannel(pool, new Uri($"http://{service.Server.EndPoint}/"), "authz.local", 1000, TimeProvider.System);
            Assert.Equal("authz.local own", (await channel.UnaryAsync(Text, new StringValue(), options, CancellationToken.None).WaitAsync(Patience)).Value);
        }
    }

    [Fact]
    public async Task Pool_CannotConnect_UnavailableWithTheCause()
    {
        var cause = new IOException("no endpoint");
        using var pool = new HttpMessageInvoker(new RecordingHandler(_ => throw cause));
        using var channel = new GrpcChannel(pool, new Uri("http://10.0.0.1:9000/"), "authz.local", 1000, TimeProvider.System);

        var seen = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Text, new StringValue(), GrpcCallOptions.Default, CancellationToken.None).WaitAsync(Patience));

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unavailable, "no endpoint"), seen.Status);
        Assert.Same(cause, seen.InnerException);
    }

    [Fact]
    public async Task Channel_Disposed_RunningCallIsUnavailable()
    {
        await using var service = await StartAsync(map => map.Duplex(Text, async call =>
        {
            await call.WriteAsync(new StringValue(), call.Context.Cancellation);
            await Task.Delay(Timeout.Infinite, call.Context.Cancellation);
        }));
        var channel = service.Channel();
        await using var call = channel.Start(Text, GrpcCallOptions.Default, CancellationToken.None);
        Assert.NotNull(await call.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience));
        var read = call.ReadAsync(CancellationToken.None).AsTask();

        channel.Dispose();

        Assert.Equal(GrpcStatusCode.Unavailable, (await StatusOfAsync(read)).Code);
    }

    [Fact]
    public async Task Call_BinaryMetadata_StaysInBase64BothWays()
    {
        await using var service = await StartAsync(map => map.Duplex(Text, call =>
        {
            call.Context.AddResponseHeader("seen-bin", call.Context.Header("sent-bin")!);
            return Task.CompletedTask;
        }));
        await using var call = service.Channel().Start(Text, new GrpcCallOptions { Metadata = [new GrpcHeader("sent-bin", "AQID")] }, CancellationToken.None);

        Assert.Null(await call.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience));

        Assert.Contains(new GrpcHeader("seen-bin", "AQID"), call.ResponseHeaders);
    }

    [Fact]
    public async Task Call_PeerFreezes_UnavailableByKeepAlive()
    {
        using var frozen = new TcpListener(IPAddress.Loopback, 0);
        frozen.Start();
        var serving = AnswerSettingsThenNothingAsync(frozen);
        using var channel = new GrpcChannel(new GrpcChannelOptions
        {
            Address = frozen.LocalEndpoint,
            KeepAliveDelay = TimeSpan.FromSeconds(1),
            KeepAliveTimeout = TimeSpan.FromSeconds(1),
        });

        var status = await StatusOfAsync(channel.UnaryAsync(Text, new StringValue(), GrpcCallOptions.Default, CancellationToken.None));

        Assert.Equal(GrpcStatusCode.Unavailable, status.Code);
        await serving.WaitAsync(Patience);
    }

    private static async Task AnswerSettingsThenNothingAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync();
        await socket.SendAsync((byte[])[0, 0, 0, 4, 0, 0, 0, 0, 0]);
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The client dropped the connection, as it should.
        }
    }

    private sealed class RecordingHandler(Action<HttpRequestMessage> seen) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen(request);
            return Task.FromException<HttpResponseMessage>(new IOException("enough"));
        }
    }
}
