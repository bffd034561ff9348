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

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unknown, "the handler failed"), await StatusOfAsync(service.SayAsync("x")));
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
        Assert.Equal("3000000u", await told.Task.WaitAsync(Patience));

        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await StatusOfAsync(call)).Code);
    }

    [Fact]
    public async Task Call_DeadlinePassesAtServer_DeadlineExceeded()
    {
        var time = new FakeTimeProvider();
        var entered = new TaskCompletionSource();
        await using var service = await StartAsync(
            map => map.Unary(Text, async (request, context) =>
            {
                entered.SetResult();
                await Task.Delay(Timeout.Infinite, context.Cancellation);
                return request;
            }),
            services: new GrpcServiceMap(time: time));
        var call = service.Channel().UnaryAsync(Text, new StringValue(), new GrpcCallOptions { Metadata = [new GrpcHeader("grpc-timeout", "2S")] }, CancellationToken.None);
        await entered.Task.WaitAsync(Patience);

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the deadline passed"), await StatusOfAsync(call));
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
}
