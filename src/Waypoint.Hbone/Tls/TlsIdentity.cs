using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tls;

/// <summary>One generation of certificates: our own leaf with key and chain, the trusted roots, and whose peers are accepted. Immutable.</summary>
public sealed class TlsIdentity
{
    private readonly string[]? _trustDomains;

    private TlsIdentity(SpiffeId id, SslStreamCertificateContext context, X509Certificate2Collection roots, PeerCache peers, string[]? trustDomains, IReadOnlyList<CertificateRevocationList> revocationLists)
    {
        Id = id;
        Context = context;
        Roots = roots;
        Peers = peers;
        _trustDomains = trustDomains;
        RevocationLists = revocationLists;
    }

    /// <summary>Our own identity, from the leaf's SAN.</summary>
    public SpiffeId Id { get; }

    /// <summary>Our own certificate with its key.</summary>
    public X509Certificate2 Leaf => Context.TargetCertificate;

    /// <summary>Trust domains whose identities may connect to us, our own among them; null when the check is switched off.</summary>
    public IReadOnlyList<string>? AcceptedTrustDomains => _trustDomains;

    /// <summary>Start of the leaf's validity.</summary>
    public DateTimeOffset NotBefore => Leaf.NotBefore.ToUniversalTime();

    /// <summary>End of the leaf's validity.</summary>
    public DateTimeOffset NotAfter => Leaf.NotAfter.ToUniversalTime();

    /// <summary>Leaf and intermediates as they are sent.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Trusted roots; not to be changed.</summary>
    public X509Certificate2Collection Roots { get; }

    /// <summary>Certificates that are not accepted any more.</summary>
    public IReadOnlyList<CertificateRevocationList> RevocationLists { get; }

    /// <summary>Peers whose chain to these roots is known to be good.</summary>
    internal PeerCache Peers { get; }

    /// <summary>Reads PEM texts. Throws <see cref="CryptographicException"/> with a message that says what is wrong.</summary>
    /// <param name="certificateChainPem">Leaf first, then intermediates.</param>
    /// <param name="privateKeyPem">Key of the leaf.</param>
    /// <param name="rootsPem">Trusted roots, one or more.</param>
    /// <param name="acceptedTrustDomains">Trust domains of clients besides our own; empty: only our own; null: every trust domain (switched off).</param>
    public static TlsIdentity FromPem(string certificateChainPem, string privateKeyPem, string rootsPem, IReadOnlyList<string>? acceptedTrustDomains)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificateChainPem);
        if (chain.Count == 0)
            throw new CryptographicException("The certificate chain contains no PEM certificate.");
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(rootsPem);
        if (roots.Count == 0)
            throw new CryptographicException("The root bundle contains no PEM certificate.");
        X509Certificate2 leaf = WithKey(chain[0], privateKeyPem);
        chain.RemoveAt(0);
        if (!SpiffeCertificate.TryReadId(leaf, out SpiffeId? id, out string problem))
            throw new CryptographicException($"The workload certificate cannot be used: {problem}.");
        var context = SslStreamCertificateContext.Create(leaf, chain, offline: true);
        return new TlsIdentity(id, context, roots, new PeerCache(), Normalize(id, acceptedTrustDomains), []);
    }

    /// <summary>The same certificates with other accepted trust domains.</summary>
    public TlsIdentity WithAcceptedTrustDomains(IReadOnlyList<string>? acceptedTrustDomains) =>
        new(Id, Context, Roots, Peers, Normalize(Id, acceptedTrustDomains), RevocationLists);

    /// <summary>The same certificates with other revocation lists: peers that were found good before are looked at anew. A certificate that no list is about stays good.</summary>
    public TlsIdentity WithRevocationLists(IReadOnlyList<CertificateRevocationList> lists) =>
        new(Id, Context, Roots, new PeerCache(), _trustDomains, lists);

    /// <summary>True if a client of this trust domain may connect.</summary>
    public bool AcceptsTrustDomain(string trustDomain) => _trustDomains is null || Array.IndexOf(_trustDomains, trustDomain) >= 0;

    private static string[]? Normalize(SpiffeId id, IReadOnlyList<string>? trustDomains) =>
        trustDomains is null ? null : [.. trustDomains.Append(id.TrustDomain).Distinct(StringComparer.Ordinal)];

    private static X509Certificate2 WithKey(X509Certificate2 leaf, string privateKeyPem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(leaf.ExportCertificatePem(), privateKeyPem);
        }
        catch (ArgumentException exception)
        {
            throw new CryptographicException("The private key does not belong to the first certificate of the chain.", exception);
        }
    }
}
