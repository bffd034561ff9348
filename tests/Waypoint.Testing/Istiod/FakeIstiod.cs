using System.Net;
using System.Threading.Channels;
using Waypoint.ControlPlane.Ads;
using Waypoint.Grpc.Client;
using Waypoint.Grpc.Server;

namespace Waypoint.Testing.Istiod;

/// <summary>
/// A control plane on a free loopback port that a test feeds through <see cref="Ads"/>. Everything clients say can be waited
/// for, in order. Stopping and starting it again keeps port and resources, as an istiod that restarts.
/// </summary>
public sealed class FakeIstiod : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<AdsServerEvent> _events = Channel.CreateUnbounded<AdsServerEvent>();
    private readonly GrpcServiceMap _services = new(AdsServer.MaxRequestBytes);
    private GrpcServer _server = null!;

    private FakeIstiod(AdsServerOptions options, Action<GrpcServiceMap>? further)
    {
        Ads = new AdsServer(options with { Observer = e => _events.Writer.TryWrite(e) });
        Ads.Map(_services);
        further?.Invoke(_services);
    }

    /// <summary>What it serves.</summary>
    public AdsServer Ads { get; }

    /// <summary>For clients.</summary>
    public GrpcChannelOptions ChannelOptions => new() { Address = _server.EndPoint };

    /// <summary>Listens at once.</summary>
    /// <param name="options">What clients are told.</param>
    /// <param name="further">Maps services besides discovery.</param>
    public static async Task<FakeIstiod> StartAsync(AdsServerOptions? options = null, Action<GrpcServiceMap>? further = null)
    {
        var istiod = new FakeIstiod(options ?? new AdsServerOptions(), further);
        await istiod.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        return istiod;
    }

    /// <summary>Cuts every connection and listens no more.</summary>
    public async Task StopAsync() => await _server.StopAsync(TimeSpan.Zero).WaitAsync(Patience);

    /// <summary>Listens again, on the same port.</summary>
    public Task RestartAsync() => ListenAsync(_server.EndPoint);

    /// <summary>Waits for the next event of a kind, and of a type if one is given; earlier ones are skipped.</summary>
    public async Task<AdsServerEvent> NextAsync(AdsServerEventKind kind, string? typeUrl = null)
    {
        while (true)
        {
            var next = await NextAsync();
            if (next.Kind == kind && (typeUrl is null || next.TypeUrl == typeUrl))
                return next;
        }
    }

    /// <summary>Waits for the next event, whatever it is.</summary>
    public async Task<AdsServerEvent> NextAsync() => await _events.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ListenAsync(EndPoint endPoint) =>
        _server = await GrpcServer.StartAsync(new GrpcServerOptions { EndPoint = endPoint }, _services, null, CancellationToken.None).WaitAsync(Patience);
}
