using Waypoint.ControlPlane.Ads;
using Waypoint.Grpc;
using Waypoint.Grpc.Client;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Testing.Istiod;

namespace Waypoint.ControlPlane.Tests.Ads;

/// <summary>One ADS stream, driven request by request.</summary>
internal sealed class BareClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly GrpcChannel _channel;
    private readonly IGrpcCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> _call;

    public BareClient(FakeIstiod istiod)
    {
        _channel = new GrpcChannel(istiod.ChannelOptions);
        _call = _channel.Start(AggregatedDiscovery.Delta, GrpcCallOptions.Default, CancellationToken.None);
    }

    public static Node Node => new() { Id = "waypoint~10.0.0.1~waypoint-0.shop~shop.svc.cluster.local" };

    public async Task SayAsync(DeltaDiscoveryRequest request) => Assert.True(await _call.WriteAsync(request, CancellationToken.None).AsTask().WaitAsync(Patience));

    /// <summary>Subscribes, with the node in the first request as every client.</summary>
    public Task SubscribeAsync(string typeUrl, params string[] names)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = typeUrl, Node = Node };
        request.ResourceNamesSubscribe.AddRange(names);
        return SayAsync(request);
    }

    public Task AnswerAsync(DeltaDiscoveryResponse response, string? error = null)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce };
        if (error is not null)
            request.ErrorDetail = new Protos.GoogleRpc.Status { Code = 13, Message = error };
        return SayAsync(request);
    }

    public async Task<DeltaDiscoveryResponse> HearAsync() => (await _call.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience))!;

    public async Task<GrpcStatus> EndAsync() => (await Assert.ThrowsAsync<GrpcException>(() => _call.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience))).Status;

    public async ValueTask DisposeAsync()
    {
        await _call.DisposeAsync();
        _channel.Dispose();
    }
}
