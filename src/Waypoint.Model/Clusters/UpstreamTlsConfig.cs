namespace Waypoint.Model.Clusters;

/// <summary><c>envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext</c>: TLS that we originate towards an application. Immutable.</summary>
public sealed record UpstreamTlsConfig
{
    /// <summary><c>sni</c>; empty: none, unless the cluster takes it from the request.</summary>
    public string ServerName { get; init; } = "";

    /// <summary><c>auto_host_sni</c>: the server name is the endpoint's host name.</summary>
    public bool ServerNameFromHost { get; init; }

    /// <summary>Our own certificate with its key; null: none is shown.</summary>
    public TlsSecretReference? ClientCertificate { get; init; }

    /// <summary>Trusted roots; null: every certificate is accepted, as <c>insecureSkipVerify</c> asks for.</summary>
    public TlsSecretReference? Roots { get; init; }

    /// <summary><c>match_typed_subject_alt_names</c> and <c>match_subject_alt_names</c>: one of them must fit a name of the certificate. Empty: any name.</summary>
    public IReadOnlyList<SubjectNameMatcher> SubjectNames { get; init; } = [];

    /// <summary><c>auto_sni_san_validation</c>: the certificate must be for the server name that was sent.</summary>
    public bool ValidateServerName { get; init; }

    /// <summary><c>crl</c>: revocation lists in PEM form; null: revocation is not checked.</summary>
    public TlsSecretReference? RevocationLists { get; init; }

    /// <summary><c>only_verify_leaf_cert_crl</c>: authorities of the chain need no list of their own.</summary>
    public bool RevocationOfLeafOnly { get; init; }

    /// <summary><c>alpn_protocols</c>, in order of preference.</summary>
    public IReadOnlyList<string> ApplicationProtocols { get; init; } = [];

    /// <summary>TLS 1.2 may be spoken (<c>tls_minimum_protocol_version</c>).</summary>
    public bool AllowTls12 { get; init; } = true;

    /// <summary>TLS 1.3 may be spoken (<c>tls_maximum_protocol_version</c>).</summary>
    public bool AllowTls13 { get; init; } = true;

    /// <summary><c>cipher_suites</c> of TLS 1.2 by their IANA numbers; empty: the platform chooses.</summary>
    public IReadOnlyList<ushort> CipherSuites { get; init; } = [];
}
