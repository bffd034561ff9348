using Waypoint.Grpc.Client;
using Waypoint.Protos.Envoy.Config.Core.V3;

namespace Waypoint.Xds.Ads;

/// <summary>Whom an <see cref="AdsClient"/> asks, as whom, and how patiently.</summary>
public sealed record AdsClientOptions
{
    /// <summary>Who asks; sent in the first request of each stream (<c>DeltaDiscoveryRequest.node</c>).</summary>
    public required Node Node { get; init; }

    /// <summary>Address, roots, token and metadata. A new connection is made for each stream, so that rotated files count.</summary>
    public required GrpcChannelOptions Channel { get; init; }

    /// <summary>Upper end of the first delay before a reconnect; doubles with each further one. Default 0.5 s.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Upper end of every delay. Default 30 s.</summary>
    public TimeSpan BackoffCap { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest wait for the endpoints of the first clusters before listeners are asked for all the same. istiod answers every
    /// name; another control plane may not. Default 15 s.
    /// </summary>
    public TimeSpan EndpointWait { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Names are spread over several requests beyond this; istiod refuses more than 4 MiB. In bytes, default 3 MiB.</summary>
    public int MaxRequestBytes { get; init; } = 3 << 20;

    /// <summary>Clock of backoff and <see cref="EndpointWait"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Source of the jitter.</summary>
    public Random Random { get; init; } = Random.Shared;
}
