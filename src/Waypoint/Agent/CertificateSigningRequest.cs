using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Agent;

/// <summary>A new private key and the PKCS#10 request for it. Every certificate gets a key of its own, which never leaves the process.</summary>
/// <param name="KeyPem">The private key, PKCS#8 in PEM form.</param>
/// <param name="RequestPem">The request: empty subject, one critical SAN with the SPIFFE id.</param>
internal sealed record CertificateSigningRequest(string KeyPem, string RequestPem)
{
    public static CertificateSigningRequest Create(WorkloadKeySettings settings, string principal)
    {
        if (settings.RsaBits is { } bits)
        {
            using var rsa = RSA.Create(bits);
            return Sign(new CertificateRequest(new X500DistinguishedName(""), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), principal, rsa.ExportPkcs8PrivateKeyPem());
        }
        var (curve, hash) = settings.Curve == "P384" ? (ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384) : (ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256);
        using var key = ECDsa.Create(curve);
        return Sign(new CertificateRequest(new X500DistinguishedName(""), key, hash), principal, key.ExportPkcs8PrivateKeyPem());
    }

    private static CertificateSigningRequest Sign(CertificateRequest request, string principal, string keyPem)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(principal));
        request.CertificateExtensions.Add(names.Build(critical: true));
        return new CertificateSigningRequest(keyPem, request.CreateSigningRequestPem());
    }
}
