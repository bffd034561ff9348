namespace Waypoint.Model.Clusters;

/// <summary><c>envoy.extensions.transport_sockets.tls.v3.Secret</c> as the control plane sent it. Immutable.</summary>
public sealed record TlsSecret
{
    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>tls_certificate.certificate_chain</c> or <c>validation_context.trusted_ca</c>, PEM.</summary>
    public required string CertificatesPem { get; init; }

    /// <summary><c>tls_certificate.private_key</c>, PEM; empty for a bundle of roots.</summary>
    public string PrivateKeyPem { get; init; } = "";

    /// <summary><c>validation_context.crl</c>, PEM; empty if there is none.</summary>
    public string RevocationListsPem { get; init; } = "";

    /// <summary>For messages: the name only.</summary>
    public override string ToString() => Name;
}
