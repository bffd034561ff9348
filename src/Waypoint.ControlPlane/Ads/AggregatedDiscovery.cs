using Waypoint.Grpc;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.ControlPlane.Ads;

/// <summary>The service of istiod that this server stands in for.</summary>
internal static class AggregatedDiscovery
{
    public static GrpcMethod<DeltaDiscoveryRequest, DeltaDiscoveryResponse> Delta { get; } = new(
        "envoy.service.discovery.v3.AggregatedDiscoveryService", "DeltaAggregatedResources",
        DeltaDiscoveryRequest.Parser, DeltaDiscoveryResponse.Parser);
}
