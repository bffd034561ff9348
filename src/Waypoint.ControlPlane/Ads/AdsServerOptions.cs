using Waypoint.Grpc;
using Waypoint.Grpc.Server;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.ControlPlane.Ads;

/// <summary>How an <see cref="AdsServer"/> behaves.</summary>
public sealed record AdsServerOptions
{
    /// <summary>Decides on the first request of each stream; a status refuses it. Default: everyone is let in.</summary>
    public Func<GrpcServerContext, DeltaDiscoveryRequest, GrpcStatus?>? Admit { get; init; }

    /// <summary>Hears everything that happens, in order and under the server's lock: it must only take note.</summary>
    public Action<AdsServerEvent>? Observer { get; init; }

    /// <summary>Responses that may wait for a client that does not read; one more ends its stream. Default 1000.</summary>
    public int MaxQueuedResponses { get; init; } = 1000;

    /// <summary>Clock of versions.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
