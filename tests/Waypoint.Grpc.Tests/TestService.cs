using Google.Protobuf.WellKnownTypes;
using Waypoint.Grpc.Client;
using Waypoint.Grpc.Server;

namespace Waypoint.Grpc.Tests;

/// <summary>A served map on a free loopback port, and channels to it. Every await of a test goes through <see cref="Patience"/>.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly List<IDisposable> _channels = [];

    private TestService(GrpcServer server) => Server = server;

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public static GrpcMethod<StringValue, StringValue> Text { get; } = new("test.Service", "Text", StringValue.Parser, StringValue.Parser);

    public static GrpcMethod<BytesValue, BytesValue> Bytes { get; } = new("test.Service", "Bytes", BytesValue.Parser, BytesValue.Parser);

    public GrpcServer Server { get; }

    public GrpcChannelOptions Options => new() { Address = Server.EndPoint };

    public static async Task<TestService> StartAsync(Action<GrpcServiceMap> map, GrpcServerOptions? options = null, GrpcServiceMap? services = null)
    {
        services ??= new GrpcServiceMap();
        map(services);
        return new TestService(await GrpcServer.StartAsync(options ?? new GrpcServerOptions(), services, null, CancellationToken.None).WaitAsync(Patience));
    }

    public static Task<TestService> EchoAsync(GrpcServerOptions? options = null) =>
        StartAsync(map => map.Unary(Text, (request, _) => ValueTask.FromResult(request)), options);

    public IGrpcChannel Channel(GrpcChannelOptions? options = null)
    {
        var channel = new GrpcChannel(options ?? Options);
        _channels.Add(channel);
        return channel;
    }

    public Task<StringValue> SayAsync(string text, GrpcChannelOptions? options = null) =>
        Channel(options).UnaryAsync(Text, new StringValue { Value = text }, GrpcCallOptions.Default, CancellationToken.None).WaitAsync(Patience);

    public static async Task<GrpcStatus> StatusOfAsync(Task call) => (await Assert.ThrowsAsync<GrpcException>(() => call.WaitAsync(Patience))).Status;

    public ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
            channel.Dispose();
        return Server.DisposeAsync();
    }
}
