using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.ControlPlane.Certificates;

/// <summary>
/// A root that lives in memory and signs whatever its owner asks for: demos and tests, never a real mesh. Certificates look as
/// istiod's: ECDSA P-256, empty subject, one critical SAN, for both sides of TLS.
/// </summary>
public sealed class DevelopmentCertificateAuthority : IDisposable
{
    /// <summary>Longest lifetime that is granted.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(90);

    /// <summary>Lifetime where none is asked for.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(1);

    /// <summary>For clocks that run behind, as istiod does.</summary>
    private static readonly TimeSpan Backdating = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly X509Certificate2 _root;

    /// <summary>Makes a root of its own.</summary>
    /// <param name="name">Organisation in the root's subject; a trust domain, usually.</param>
    /// <param name="time">Clock of all validities.</param>
    /// <param name="lifetime">Of the root; default ten years.</param>
    public DevelopmentCertificateAuthority(string name, TimeProvider time, TimeSpan? lifetime = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        _root = request.CreateSelfSigned(now - Backdating, now + (lifetime ?? TimeSpan.FromDays(3650)));
        RootPem = _root.ExportCertificatePem();
    }

    /// <summary>The root, for everyone's trust bundle.</summary>
    public string RootPem { get; }

    /// <summary>A new key and its certificate.</summary>
    /// <param name="spiffeId"><c>spiffe://trust-domain/ns/namespace/sa/account</c>; null for a server with DNS names only.</param>
    /// <param name="lifetime">From now; at most that of the root.</param>
    /// <param name="dnsNames">Further names, for servers such as a stand-in for istiod.</param>
    public IssuedCertificate Issue(string? spiffeId, TimeSpan lifetime, params IReadOnlyList<string> dnsNames)
    {
        ArgumentNullException.ThrowIfNull(dnsNames);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        return new IssuedCertificate(Sign(request, spiffeId, lifetime, dnsNames), key.ExportPkcs8PrivateKeyPem(), RootPem);
    }

    /// <summary>Signs a request for an identity; names that the request asks for do not count.</summary>
    /// <param name="requestPem">PKCS#10 in PEM form, ECDSA or RSA.</param>
    /// <param name="spiffeId">The identity.</param>
    /// <param name="lifetime">From now; at most that of the root.</param>
    /// <returns>The leaf in PEM form.</returns>
    /// <exception cref="CryptographicException">Not a request, or its signature is wrong.</exception>
    public string Sign(string requestPem, string spiffeId, TimeSpan lifetime)
    {
        var asked = Load(requestPem);
        return Sign(new CertificateRequest(new X500DistinguishedName(""), asked.PublicKey, HashAlgorithmName.SHA256), spiffeId, lifetime, []);
    }

    /// <summary>The identity that a request asks for: its first SAN of the form <c>spiffe://…</c>, or null.</summary>
    /// <param name="requestPem">PKCS#10 in PEM form.</param>
    /// <exception cref="CryptographicException">Not a request, or its signature is wrong.</exception>
    public static string? RequestedIdentity(string requestPem)
    {
        foreach (var extension in Load(requestPem).CertificateExtensions)
        {
            if (extension.Oid?.Value == SubjectAlternativeNames.Oid && SubjectAlternativeNames.FirstUri(extension.RawData) is { } uri
                && uri.StartsWith("spiffe://", StringComparison.Ordinal))
                return uri;
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    private static CertificateRequest Load(string requestPem) =>
        CertificateRequest.LoadSigningRequestPem(requestPem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);

    private string Sign(CertificateRequest request, string? spiffeId, TimeSpan lifetime, IReadOnlyList<string> dnsNames)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (spiffeId is not null)
            names.AddUri(new Uri(spiffeId));
        foreach (var name in dnsNames)
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build(critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = _time.GetUtcNow();
        var notBefore = now - Backdating < _root.NotBefore ? _root.NotBefore : now - Backdating;
        var notAfter = now + lifetime < _root.NotAfter ? now + lifetime : _root.NotAfter;
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using var key = _root.GetECDsaPrivateKey()!;
        using var certificate = request.Create(_root.SubjectName, X509SignatureGenerator.CreateForECDsa(key), notBefore, notAfter, serial);
        return certificate.ExportCertificatePem();
    }
}
