using System.Net;

namespace Waypoint.Model.Endpoints;

/// <summary>One endpoint of a cluster (<c>envoy.config.endpoint.v3.LbEndpoint</c>). Immutable; equality is structural so that an unchanged endpoint keeps its pools.</summary>
public sealed record Endpoint
{
    /// <summary>How it is reached.</summary>
    public required EndpointKind Kind { get; init; }

    /// <summary>Application address: pod IP and target port for HBONE (<c>original_dst.local</c> metadata, else <c>endpoint_id</c>), the socket address for direct ones,
    /// gateway address for double HBONE; null for <see cref="EndpointKind.HostName"/> and <see cref="EndpointKind.HboneToDestination"/>.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>The address as text, as it stands in a CONNECT authority or a log line; the host name and port for <see cref="EndpointKind.HostName"/>.</summary>
    public required string AddressText { get; init; }

    /// <summary><c>hbone_target_address</c> of double HBONE (<c>hostname:port</c>), else null.</summary>
    public string? DoubleHboneTarget { get; init; }

    /// <summary><c>endpoint.additional_addresses</c> of a dual-stack endpoint, as <c>ip:port</c> separated by commas, in order; empty if none. Text, so that the record compares by value.</summary>
    public string OtherAddresses { get; init; } = "";

    /// <summary><c>hostname</c>; null if absent.</summary>
    public string? Hostname { get; init; }

    /// <summary><c>filter_metadata["envoy.lb"].hash_key</c>, which stands for the endpoint on rings and tables; null if absent.</summary>
    public string? HashKey { get; init; }

    /// <summary><c>filter_metadata["envoy.lb"]</c>: which subsets it belongs to.</summary>
    public SubsetLabels Labels { get; init; } = SubsetLabels.None;

    /// <summary><c>load_balancing_weight</c>; default 1, at least 1.</summary>
    public uint Weight { get; init; } = 1;

    /// <summary><c>health_status</c>.</summary>
    public EndpointHealth Health { get; init; }

    /// <summary><c>filter_metadata["istio"].workload</c>: <c>name;namespace;canonicalName;canonicalRevision;cluster</c>, or null.</summary>
    public string? Workload { get; init; }

    /// <summary>Labels of <c>envoy.transport_socket_match</c> as one sorted text <c>k=v,k=v</c>; empty if none. Text, so that the record compares by value.</summary>
    public string SocketLabels { get; init; } = "";

    /// <summary>The address as Envoy writes it: an internal one with its listener in front.</summary>
    public string FullAddressText => Kind switch
    {
        EndpointKind.Hbone => "envoy://connect_originate/" + AddressText,
        EndpointKind.DoubleHbone => "envoy://inner_connect_originate/" + AddressText,
        _ => AddressText,
    };
}
