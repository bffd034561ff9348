using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Hbone.Tls;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>A certificate authority that signs whatever a test needs.</summary>
internal sealed class TestCa
{
    private readonly X509Certificate2 _certificate;
    private readonly string _chainPem;

    private TestCa(X509Certificate2 certificate, string rootPem, string chainPem)
    {
        _certificate = certificate;
        RootPem = rootPem;
        _chainPem = chainPem;
    }

    public string RootPem { get; }

    public static TestCa Create(string name = "root")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = CaRequest(name, key);
        X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(365));
        return new TestCa(certificate, certificate.ExportCertificatePem(), "");
    }

    /// <summary>An intermediate authority under this one; its leaves are sent with it unless <paramref name="sent"/> is false.</summary>
    public TestCa CreateIntermediate(bool sent = true)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signed = CaRequest("intermediate", key).Create(_certificate, DateTimeOffset.UtcNow.AddDays(-5), DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(8));
        X509Certificate2 certificate = signed.CopyWithPrivateKey(key);
        return new TestCa(certificate, RootPem, sent ? certificate.ExportCertificatePem() + "\n" : "");
    }

    public static string Spiffe(string serviceAccount, string trustDomain = "cluster.local") => $"spiffe://{trustDomain}/ns/shop/sa/{serviceAccount}";

    public TlsIdentity Identity(string serviceAccount, string trustDomain = "cluster.local", params string[] accepted) =>
        Issue(new Leaf { Uris = [Spiffe(serviceAccount, trustDomain)] }).ToIdentity(RootPem, accepted);

    public Issued Issue(Leaf leaf)
    {
        using ECDsa ec = ECDsa.Create(leaf.Curve);
        using RSA? rsa = leaf.Rsa ? RSA.Create(2048) : null;
        CertificateRequest request = rsa is null ? new CertificateRequest("", ec, HashAlgorithmName.SHA256) : new CertificateRequest("", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (leaf.Uris.Length + leaf.DnsNames.Length > 0)
            request.CertificateExtensions.Add(SubjectAlternativeNames(leaf));
        if (leaf.Ekus.Length > 0)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. leaf.Ekus.Select(oid => new Oid(oid))], critical: false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(leaf.IsCa, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var generator = X509SignatureGenerator.CreateForECDsa(_certificate.GetECDsaPrivateKey()!);
        using X509Certificate2 signed = request.Create(_certificate.SubjectName, generator, leaf.NotBefore, leaf.NotAfter, RandomNumberGenerator.GetBytes(8));
        return new Issued(signed.ExportCertificatePem() + "\n" + _chainPem, rsa is null ? ec.ExportPkcs8PrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>This authority's list of revoked certificates, PEM.</summary>
    public string Revoke(params Issued[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (Issued one in revoked)
        {
            using X509Certificate2 certificate = one.ToCertificate();
            builder.AddEntry(certificate);
        }

        return PemEncoding.WriteString("X509 CRL", builder.Build(_certificate, 1, DateTimeOffset.UtcNow.AddDays(1), HashAlgorithmName.SHA256));
    }

    private static CertificateRequest CaRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    // Written by hand, so that also texts go in that no sensible authority would sign.
    private static X509Extension SubjectAlternativeNames(Leaf leaf)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string uri in leaf.Uris)
                writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, new Asn1Tag(TagClass.ContextSpecific, 6));
            foreach (string name in leaf.DnsNames)
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
        }
        return new X509Extension("2.5.29.17", writer.Encode(), critical: true);
    }

    internal sealed record Leaf
    {
        public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
        public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

        public string[] Uris { get; init; } = [];

        public string[] DnsNames { get; init; } = [];

        public string[] Ekus { get; init; } = [ServerAuth, ClientAuth];

        public bool IsCa { get; init; }

        public bool Rsa { get; init; }

        public ECCurve Curve { get; init; } = ECCurve.NamedCurves.nistP256;

        public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.UtcNow.AddHours(-1);

        public DateTimeOffset NotAfter { get; init; } = DateTimeOffset.UtcNow.AddHours(24);
    }

    internal sealed record Issued(string ChainPem, string KeyPem)
    {
        public TlsIdentity ToIdentity(string rootPem, params string[] accepted) => TlsIdentity.FromPem(ChainPem, KeyPem, rootPem, accepted);

        public X509Certificate2 ToCertificate() => X509Certificate2.CreateFromPem(ChainPem, KeyPem);
    }
}
