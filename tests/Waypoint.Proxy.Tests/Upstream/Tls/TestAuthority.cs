using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Proxy.Tests.Upstream.Tls;

/// <summary>A certificate authority for servers of the outside world.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "outside")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
    }

    public string RootPem => _certificate.ExportCertificatePem();

    /// <summary>A leaf with its key.</summary>
    public X509Certificate2 Issue(string dnsName, bool expired = false)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset end = expired ? DateTimeOffset.UtcNow.AddDays(-1) : DateTimeOffset.UtcNow.AddDays(1);
        using X509Certificate2 signed = request.Create(_certificate, DateTimeOffset.UtcNow.AddDays(-5), end, RandomNumberGenerator.GetBytes(9));
        // Through PKCS#12: the server side of SslStream needs a key that is not bound to this object.
        return X509CertificateLoader.LoadPkcs12(signed.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A revocation list, valid for a day.</summary>
    public string Revoke(params X509Certificate2[] certificates) => Revoke(DateTimeOffset.UtcNow.AddDays(1), certificates);

    /// <summary>A revocation list that is valid until <paramref name="nextUpdate"/>.</summary>
    public string Revoke(DateTimeOffset nextUpdate, params X509Certificate2[] certificates)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (X509Certificate2 certificate in certificates)
            builder.AddEntry(certificate);
        byte[] der = builder.Build(_certificate, 1, nextUpdate, HashAlgorithmName.SHA256, null, DateTimeOffset.UtcNow.AddDays(-2));
        return PemEncoding.WriteString("X509 CRL", der);
    }

    public void Dispose() => _certificate.Dispose();
}
