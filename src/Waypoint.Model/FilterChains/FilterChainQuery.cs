using System.Net;

namespace Waypoint.Model.FilterChains;

/// <summary>What is known of a tunnel when its chain is chosen.</summary>
public readonly record struct FilterChainQuery
{
    /// <summary>Destination address from the CONNECT authority; null when the authority is a host name.</summary>
    public IPAddress? DestinationAddress { get; init; }

    /// <summary>Destination port from the CONNECT authority.</summary>
    public int DestinationPort { get; init; }

    /// <summary>The CONNECT authority as sent (filter state <c>io.istio.connect_authority</c>).</summary>
    public string Authority { get; init; }

    /// <summary>The header <c>x-istio-source</c> of the CONNECT (filter state <c>io.istio.source</c>), or null.</summary>
    public string? IstioSource { get; init; }

    /// <summary>What detection found; <see cref="ApplicationProtocol.NotInspected"/> asks without it.</summary>
    public ApplicationProtocol Protocol { get; init; }
}
