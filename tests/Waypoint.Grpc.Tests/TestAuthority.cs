using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Grpc.Tests;

/// <summary>A root or intermediate that lives as long as a test.</summary>
internal sealed class TestAuthority
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _above;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = AuthorityRequest(name, key);
        _certificate = request.CreateSelfSigned(Now.AddHours(-1), Now.AddHours(1));
        _above = [];
        Roots = [_certificate];
    }

    private TestAuthority(X509Certificate2 certificate, X509Certificate2Collection above, X509Certificate2Collection roots) =>
        (_certificate, _above, Roots) = (certificate, above, roots);

    public X509Certificate2Collection Roots { get; }

    public TestAuthority Intermediate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = AuthorityRequest(name, key).Create(_certificate, Now.AddHours(-1), Now.AddMinutes(59), RandomNumberGenerator.GetBytes(8));
        var certificate = signed.CopyWithPrivateKey(key);
        return new TestAuthority(certificate, [certificate, .. _above], Roots);
    }

    public SslStreamCertificateContext Leaf(string name, string? dns = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (dns is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(dns);
            request.CertificateExtensions.Add(names.Build());
        }
        using var signed = request.Create(_certificate, Now.AddHours(-1), Now.AddMinutes(58), RandomNumberGenerator.GetBytes(8));
        return SslStreamCertificateContext.Create(signed.CopyWithPrivateKey(key), _above, offline: true);
    }

    private static CertificateRequest AuthorityRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}
