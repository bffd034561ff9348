namespace Waypoint.Model.Listeners;

/// <summary>What the listeners and clusters <c>inner_connect_originate</c> and <c>outer_connect_originate</c> say about endpoints of a remote network: a tunnel to its gateway,
/// and in that a tunnel to the destination. Immutable.</summary>
public sealed record NestedTunnelConfig
{
    /// <summary>Cluster <c>outer_connect_originate</c>: the tunnel to the gateway.</summary>
    public required TunnelOriginationConfig Outer { get; init; }

    /// <summary>Cluster <c>inner_connect_originate</c>: the tunnel through it; only who may answer counts.</summary>
    public required TunnelOriginationConfig Inner { get; init; }

    /// <summary><c>x-istio-source</c> of the outer CONNECT, which tells the remote side that policies were applied here; null: not sent.</summary>
    public string? IstioSource { get; init; }

    /// <summary><c>x-forwarded-network</c> of the inner CONNECT: our network, may be empty; null: not sent.</summary>
    public string? ForwardedNetwork { get; init; }
}
