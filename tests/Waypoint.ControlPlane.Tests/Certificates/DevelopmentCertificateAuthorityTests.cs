using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.ControlPlane.Certificates;
using Waypoint.Testing.Time;

namespace Waypoint.ControlPlane.Tests.Certificates;

public sealed class DevelopmentCertificateAuthorityTests : IDisposable
{
    private const string Identity = "spiffe://cluster.local/ns/shop/sa/waypoint";

    private readonly FakeTimeProvider _time = new();
    private readonly DevelopmentCertificateAuthority _authority;

    public DevelopmentCertificateAuthorityTests() => _authority = new DevelopmentCertificateAuthority("cluster.local", _time);

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Issue_Identity_ChainsToTheRootAndLooksAsIstiods()
    {
        var issued = _authority.Issue(Identity, TimeSpan.FromHours(1));

        using var leaf = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.PrivateKeyPem);
        using var root = X509Certificate2.CreateFromPem(issued.RootPem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().LocalDateTime;
        Assert.True(chain.Build(leaf), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.Equal("", leaf.Subject);
        Assert.Equal(_time.GetUtcNow().AddMinutes(-2), leaf.NotBefore);
        Assert.Equal(_time.GetUtcNow().AddHours(1), leaf.NotAfter);
        Assert.Equal(256, leaf.GetECDsaPublicKey()!.KeySize);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, leaf.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        var names = leaf.Extensions.Single(extension => extension.Oid!.Value == "2.5.29.17");
        Assert.True(names.Critical);
        Assert.Equal(Identity, SubjectAlternativeNames.FirstUri(names.RawData));
    }

    [Fact]
    public void Issue_BeyondTheRoot_EndsWithTheRoot()
    {
        using var brief = new DevelopmentCertificateAuthority("x", _time, TimeSpan.FromHours(2));

        using var leaf = X509Certificate2.CreateFromPem(brief.Issue(Identity, TimeSpan.FromDays(1)).CertificatePem);

        Assert.Equal(_time.GetUtcNow().AddHours(2), leaf.NotAfter);
    }

    [Fact]
    public void Issue_DnsNames_MatchHostName()
    {
        using var leaf = X509Certificate2.CreateFromPem(_authority.Issue(null, TimeSpan.FromHours(1), "istiod.istio-system.svc").CertificatePem);

        Assert.True(leaf.MatchesHostname("istiod.istio-system.svc"));
    }

    [Fact]
    public void Sign_RequestForAnotherName_IdentityOfTheSignerCounts()
    {
        using var key = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("spiffe://cluster.local/ns/other/sa/other"));
        var request = new CertificateRequest("O=someone", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build(true));
        var pem = request.CreateSigningRequestPem();

        Assert.Equal("spiffe://cluster.local/ns/other/sa/other", DevelopmentCertificateAuthority.RequestedIdentity(pem));
        using var leaf = X509Certificate2.CreateFromPem(_authority.Sign(pem, Identity, TimeSpan.FromHours(1)));
        Assert.Equal(Identity, SubjectAlternativeNames.FirstUri(leaf.Extensions.Single(extension => extension.Oid!.Value == "2.5.29.17").RawData));
        Assert.Equal("", leaf.Subject);
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), leaf.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void RequestedIdentity_NoNames_Null()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Null(DevelopmentCertificateAuthority.RequestedIdentity(new CertificateRequest("O=x", key, HashAlgorithmName.SHA256).CreateSigningRequestPem()));
    }
}
