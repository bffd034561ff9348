using System.Security.Cryptography.X509Certificates;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tls;

/// <summary>One generation of certificates: our own leaf with key and chain, the trusted roots, and whose peers are accepted. Immutable.</summary>
public sealed class TlsIdentity
{
    private TlsIdentity(SpiffeId id, X509Certificate2 leaf, IReadOnlyList<string>? acceptedTrustDomains)
    {
        Id = id;
        Leaf = leaf;
        AcceptedTrustDomains = acceptedTrustDomains;
    }

    /// <summary>Our own identity, from the leaf's SAN.</summary>
    public SpiffeId Id { get; }

    /// <summary>Our own certificate with its key.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>Trust domains whose identities may connect to us; null when the check is switched off.</summary>
    public IReadOnlyList<string>? AcceptedTrustDomains { get; }

    /// <summary>Start of the leaf's validity.</summary>
    public DateTimeOffset NotBefore => Leaf.NotBefore.ToUniversalTime();

    /// <summary>End of the leaf's validity.</summary>
    public DateTimeOffset NotAfter => Leaf.NotAfter.ToUniversalTime();

    /// <summary>Reads PEM texts. Throws <see cref="System.Security.Cryptography.CryptographicException"/> with a message that says what is wrong.</summary>
    /// <param name="certificateChainPem">Leaf first, then intermediates.</param>
    /// <param name="privateKeyPem">Key of the leaf.</param>
    /// <param name="rootsPem">Trusted roots, one or more.</param>
    /// <param name="acceptedTrustDomains">Trust domains of clients besides our own; empty: only our own; null: every trust domain (switched off).</param>
    public static TlsIdentity FromPem(string certificateChainPem, string privateKeyPem, string rootsPem, IReadOnlyList<string>? acceptedTrustDomains) =>
        throw new NotImplementedException();

    /// <summary>The same certificates with other accepted trust domains.</summary>
    public TlsIdentity WithAcceptedTrustDomains(IReadOnlyList<string>? acceptedTrustDomains) => new(Id, Leaf, acceptedTrustDomains);
}
