namespace Waypoint.Model.Endpoints;

/// <summary>How an endpoint is reached.</summary>
public enum EndpointKind
{
    /// <summary>Internal address <c>connect_originate</c>: CONNECT over HBONE to the pod's ztunnel.</summary>
    Hbone,

    /// <summary>Socket address: plain TCP to the address itself.</summary>
    Direct,

    /// <summary>Internal address <c>inner_connect_originate</c>: two nested tunnels through the gateway of another network.</summary>
    DoubleHbone,

    /// <summary>Internal address <c>connect_originate</c> without an id (cluster <c>encap</c>): CONNECT over HBONE to the destination of the client's own tunnel.</summary>
    HboneToDestination,

    /// <summary>A host name that has to be resolved first (DNS clusters).</summary>
    HostName,
}
