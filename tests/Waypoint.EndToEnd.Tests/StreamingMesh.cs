using Google.Protobuf.WellKnownTypes;
using Waypoint.Demo;
using Waypoint.Hbone.Tls;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;

namespace Waypoint.EndToEnd.Tests;

/// <summary>The mesh with pods that stream, no route timeout, one retry, and WebSockets allowed over HTTP/1.1 and HTTP/2.</summary>
public sealed class StreamingMesh : MeshInOneProcess
{
    /// <summary>What runs in the pods.</summary>
    internal StreamApplication Application { get; } = new();

    private protected override IEnumerable<DemoResource> Resources() => base.Resources().Select(static resource => resource.Message switch
    {
        Cluster cluster when cluster.Name == DemoMesh.ClusterOf("v2") => resource with { Message = OverHttp2(cluster.Clone()) },
        Listener { Name: "main_internal" } listener => resource with { Message = Streaming(listener.Clone()) },
        _ => resource,
    });

    private protected override async Task<IAsyncDisposable> StartDestinationAsync(TlsIdentity identity, CancellationToken cancellation)
    {
        var destination = new StreamDestination(Application, new TlsIdentitySource(identity));
        await destination.StartAsync(cancellation);
        return destination;
    }

    private static Cluster OverHttp2(Cluster cluster)
    {
        cluster.Http2ProtocolOptions = new Http2ProtocolOptions { AllowConnect = true };
        return cluster;
    }

    private static Listener Streaming(Listener listener)
    {
        var filter = listener.FilterChains[0].Filters[0];
        var manager = filter.TypedConfig.Unpack<HttpConnectionManager>();
        manager.UpgradeConfigs.Add(new HttpConnectionManager.Types.UpgradeConfig { UpgradeType = "websocket" });
        manager.Http2ProtocolOptions = new Http2ProtocolOptions { AllowConnect = true };
        foreach (var route in manager.RouteConfig.VirtualHosts[0].Routes)
        {
            route.Route_.Timeout = Duration.FromTimeSpan(TimeSpan.Zero);
            route.Route_.RetryPolicy = new Protos.Envoy.Config.Route.V3.RetryPolicy { RetryOn = "gateway-error", NumRetries = 1 };
        }

        filter.TypedConfig = Any.Pack(manager);
        return listener;
    }
}
