namespace Waypoint.Model.Edge;

/// <summary>What the connection manager believes of a request's headers and what it adds to them
/// (fields of <c>envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager</c>). Immutable.</summary>
public sealed record EdgeConfig
{
    /// <summary>What holds where nothing was sent.</summary>
    public static EdgeConfig Default { get; } = new();

    /// <summary><c>use_remote_address</c>: the peer is the client, what it says about others does not count. False (istiod's value): the peer is a proxy of ours.</summary>
    public bool UseRemoteAddress { get; init; }

    /// <summary><c>xff_num_trusted_hops</c>: so many addresses at the end of <c>x-forwarded-for</c> are of proxies.</summary>
    public int TrustedHops { get; init; }

    /// <summary><c>xff_trusted_cidrs</c> of the original-address extension: proxies by their address; empty: none are known by it.</summary>
    public AddressSet TrustedProxies { get; init; } = AddressSet.None;

    /// <summary>A header that alone names the client (the extension <c>custom_header</c>); null: none.</summary>
    public string? ClientAddressHeader { get; init; }

    /// <summary><c>skip_xff_append</c>. Without <see cref="UseRemoteAddress"/> nothing is added unless this says so, so its default is true there.</summary>
    public bool SkipForwardedForAppend { get; init; } = true;

    /// <summary><c>internal_address_config</c>; empty by default: then no client may steer the router by headers.</summary>
    public AddressSet InternalAddresses { get; init; } = AddressSet.None;

    /// <summary><c>internal_only_headers</c> of the route configuration, in lower case.</summary>
    public IReadOnlyList<string> InternalOnlyHeaders { get; init; } = [];

    /// <summary><c>append_x_forwarded_port</c>.</summary>
    public bool AppendForwardedPort { get; init; }

    /// <summary><c>generate_request_id</c>; default true.</summary>
    public bool GenerateRequestId { get; init; } = true;

    /// <summary><c>preserve_external_request_id</c>: a client at the edge may bring its own.</summary>
    public bool PreserveExternalRequestId { get; init; }

    /// <summary><c>always_set_request_id_in_response</c>.</summary>
    public bool RequestIdInResponse { get; init; }

    /// <summary><c>via</c>; empty: none is added.</summary>
    public string Via { get; init; } = "";

    /// <summary>Our service's name where <c>add_user_agent</c> asks for it; null otherwise.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Our node's name, told beside <see cref="UserAgent"/>.</summary>
    public string NodeName { get; init; } = "";

    /// <summary><c>forward_client_cert_details</c>.</summary>
    public ClientCertForwarding ClientCert { get; init; }

    /// <summary><c>set_current_client_cert_details</c>.</summary>
    public IReadOnlyList<ClientCertDetail> ClientCertDetails { get; init; } = [];

    /// <summary><c>strip_matching_host_port</c>, <c>strip_any_host_port</c>.</summary>
    public HostPortStripping StripHostPort { get; init; }

    /// <summary><c>strip_trailing_host_dot</c>.</summary>
    public bool StripTrailingHostDot { get; init; }
}
