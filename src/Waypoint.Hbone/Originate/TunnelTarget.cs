using System.Net;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Originate;

/// <summary>Where a tunnel leads. Build one per endpoint and keep it: address, expected identity, uid and worker are the pool's key.</summary>
public sealed record TunnelTarget
{
    /// <summary>Address to dial: pod IP and HBONE port.</summary>
    public required IPEndPoint HboneAddress { get; init; }

    /// <summary><c>:authority</c> of the CONNECT: <c>ip:port</c> of the application with the dialled IP, IPv6 in brackets.</summary>
    public required string Authority { get; init; }

    /// <summary>Who must answer.</summary>
    public required ExpectedPeer Expected { get; init; }

    /// <summary>Uid of the workload behind the address; an address that changes hands must never reuse a connection. Empty if unknown.</summary>
    public string EndpointUid { get; init; } = "";

    /// <summary>The worker (<see cref="Connections.SocketWorkers"/>) that is to serve the connection: the one that serves the client's. Default 0; -1: any.</summary>
    public int Worker { get; init; }

    /// <summary>Header <c>baggage</c>, or null to send none.</summary>
    public string? Baggage { get; init; }

    /// <summary>Header <c>forwarded</c>, or null to send none.</summary>
    public string? Forwarded { get; init; }

    /// <summary>Header <c>traceparent</c>, or null to send none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Header <c>x-istio-source</c> (outer CONNECT of double HBONE), or null to send none.</summary>
    public string? IstioSource { get; init; }

    /// <summary>Header <c>x-forwarded-network</c> (inner CONNECT of double HBONE), or null to send none.</summary>
    public string? ForwardedNetwork { get; init; }
}
