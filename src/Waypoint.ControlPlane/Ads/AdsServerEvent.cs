using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.ControlPlane.Ads;

/// <summary>One thing that happened on a stream.</summary>
/// <param name="Stream">Number of the stream, from 1.</param>
/// <param name="Kind">What happened.</param>
/// <param name="TypeUrl">The type concerned; empty for the end of a stream.</param>
/// <param name="Request">What the client said; null for what the server did.</param>
/// <param name="Response">What was sent, or what the request answers; null where neither.</param>
public sealed record AdsServerEvent(int Stream, AdsServerEventKind Kind, string TypeUrl, DeltaDiscoveryRequest? Request, DeltaDiscoveryResponse? Response);
