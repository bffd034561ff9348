using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Load.Mesh;

/// <summary>A root and the certificates of one run: short-lived, never leaving its folder.</summary>
internal sealed class LoadAuthority : IDisposable
{
    private readonly string _folder;
    private readonly string _keyType;
    private readonly AsymmetricAlgorithm _rootKey;
    private readonly X509Certificate2 _root;
    private readonly DateTimeOffset _from = TimeProvider.System.GetUtcNow().AddMinutes(-5);

    /// <summary>Makes the root and writes <c>ca.pem</c>.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="keyType"><c>rsa</c> (2048 bits, what istio-agent makes unless told otherwise) or <c>ecdsa</c> (P-256).</param>
    public LoadAuthority(string folder, string keyType)
    {
        _folder = folder;
        _keyType = keyType;
        Directory.CreateDirectory(folder);
        _rootKey = NewKey();
        var request = Request("O=load", _rootKey);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(_from, _from.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "ca.pem"), _root.ExportCertificatePem());
    }

    /// <summary>Writes <c>NAME.pem</c> and <c>NAME.key</c> for the service account <paramref name="name"/>; the DNS name is for nginx, which knows no SPIFFE.</summary>
    public void Issue(string name)
    {
        using var key = NewKey();
        var request = Request($"CN={name}", key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"spiffe://{MeshShape.TrustDomain}/ns/{MeshShape.Namespace}/sa/{name}"));
        names.AddDnsName($"{name}.{MeshShape.Namespace}");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        request.CertificateExtensions.Add(names.Build());
        var generator = _rootKey is RSA rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1) : X509SignatureGenerator.CreateForECDsa((ECDsa)_rootKey);
        using var leaf = request.Create(_root.SubjectName, generator, _from, _from.AddDays(1), RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(Path.Combine(_folder, name + ".pem"), leaf.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, name + ".key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _rootKey.Dispose();
    }

    private AsymmetricAlgorithm NewKey() => _keyType == "rsa" ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key) => key is RSA rsa
        ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
}
