using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Agent;
using Waypoint.Options;

namespace Waypoint.Tests.Agent;

public class CertificateSigningRequestTests
{
    private const string Principal = "spiffe://cluster.local/ns/shop/sa/waypoint";

    [Fact]
    public void Create_Default_EcdsaP256WithOneCriticalSpiffeName()
    {
        var made = CertificateSigningRequest.Create(WorkloadKeySettings.Default, Principal);

        var request = CertificateRequest.LoadSigningRequestPem(made.RequestPem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        Assert.Equal("", request.SubjectName.Name);
        var names = Assert.Single(request.CertificateExtensions, e => e.Oid?.Value == "2.5.29.17");
        Assert.True(names.Critical);
        Assert.Contains(Principal, System.Text.Encoding.Latin1.GetString(names.RawData), StringComparison.Ordinal);
        using var key = ECDsa.Create();
        key.ImportFromPem(made.KeyPem);
        Assert.Equal(256, key.KeySize);
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), request.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void Create_Twice_DifferentKeys() =>
        Assert.NotEqual(CertificateSigningRequest.Create(WorkloadKeySettings.Default, Principal).KeyPem, CertificateSigningRequest.Create(WorkloadKeySettings.Default, Principal).KeyPem);

    [Fact]
    public void Create_RsaSizeSet_RsaOfThatSize()
    {
        var settings = WorkloadKeySettings.From(new ContainerEnvironment(new Dictionary<string, string> { ["WORKLOAD_RSA_KEY_SIZE"] = "2048" }));

        using var key = RSA.Create();
        key.ImportFromPem(CertificateSigningRequest.Create(settings, Principal).KeyPem);
        Assert.Equal(2048, key.KeySize);
    }

    [Fact]
    public void Create_CurveP384_KeyOnThatCurve()
    {
        var settings = WorkloadKeySettings.From(new ContainerEnvironment(new Dictionary<string, string> { ["ECC_SIGNATURE_ALGORITHM"] = "ECDSA", ["ECC_CURVE"] = "P384" }));

        using var key = ECDsa.Create();
        key.ImportFromPem(CertificateSigningRequest.Create(settings, Principal).KeyPem);
        Assert.Equal(384, key.KeySize);
    }

    [Theory]
    [InlineData("WORKLOAD_RSA_KEY_SIZE", "1024")]
    [InlineData("WORKLOAD_RSA_KEY_SIZE", "many")]
    [InlineData("ECC_CURVE", "P521")]
    [InlineData("ECC_SIGNATURE_ALGORITHM", "ED25519")]
    public void From_ValueThatCannotBe_IsNamed(string name, string value)
    {
        var problem = Assert.Throws<OptionProblemException>(() => WorkloadKeySettings.From(new ContainerEnvironment(new Dictionary<string, string> { [name] = value })));

        Assert.Contains($"{name} is '{value}'", problem.Message, StringComparison.Ordinal);
    }
}
