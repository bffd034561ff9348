using System.Text;
using Waypoint.Model.Tokens;
using Waypoint.Proxy.Filters.JwtAuthn;

namespace Waypoint.Proxy.Tests.Filters.JwtAuthn;

public sealed class LibraryKeyFactoryTests
{
    private static readonly SigningIssuer Issuer = new();

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    public void Verify_EachRsaAlgorithm_OnlyItsOwnSignature(string algorithm)
    {
        KeySet keys = KeySet.Parse(Issuer.KeySetText, LibraryKeyFactory.Instance);
        Assert.Equal(JwtStatus.Ok, Jwt.Parse(Issuer.Sign("""{"sub":"me"}""", algorithm), out Jwt? token));
        Assert.Equal(JwtStatus.Ok, keys.Verify(token!));
        KeyVerifier key = keys.Keys[0].Verifier;
        string other = algorithm == "RS256" ? "PS256" : "RS256";
        Assert.False(key.Verify(other, token!.SignedBytes.Span, token.Signature.Span));
        Assert.False(key.Verify("HS256", token.SignedBytes.Span, token.Signature.Span));
        Assert.False(key.Verify(algorithm, token.SignedBytes.Span, []));
    }

    [Fact]
    public async Task Verify_ManyThreadsAtOnce_EveryOneIsRight()
    {
        KeySet keys = KeySet.Parse(Issuer.KeySetText, LibraryKeyFactory.Instance);
        Assert.Equal(JwtStatus.Ok, Jwt.Parse(Issuer.Sign("""{"sub":"me"}"""), out Jwt? good));
        Assert.Equal(JwtStatus.Ok, Jwt.Parse(Issuer.Sign("""{"sub":"me"}""", "RS512"), out Jwt? alsoGood));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                Assert.Equal(JwtStatus.Ok, keys.Verify(good!));
                Assert.Equal(JwtStatus.Ok, keys.Verify(alsoGood!));
                Assert.False(keys.Keys[0].Verifier.Verify("RS256", good!.SignedBytes.Span, alsoGood!.Signature.Span));
            }
        })));
    }

    /// <summary>RFC 8037 appendix A.4.</summary>
    [Fact]
    public void Verify_Ed25519OfTheRfc_SignatureIsGood()
    {
        KeySet keys = KeySet.Parse("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""", LibraryKeyFactory.Instance);
        byte[] signed = Encoding.ASCII.GetBytes("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
        byte[] signature = System.Buffers.Text.Base64Url.DecodeFromChars("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        Assert.True(keys.Keys[0].Verifier.Verify("EdDSA", signed, signature));
        signature[0] ^= 1;
        Assert.False(keys.Keys[0].Verifier.Verify("EdDSA", signed, signature));
        Assert.False(keys.Keys[0].Verifier.Verify("RS256", signed, signature));
    }

    [Fact]
    public void TryCreate_NumbersThatAreNoKey_RefusedWithoutException()
    {
        Assert.NotEqual(JwtStatus.Ok, LibraryKeyFactory.Instance.TryCreate(new KeyMaterial(KeyMaterialKind.EllipticCurve, new byte[32], new byte[32], "P-256"), out _));
        Assert.NotEqual(JwtStatus.Ok, LibraryKeyFactory.Instance.TryCreate(new KeyMaterial(KeyMaterialKind.Rsa, new byte[64], new byte[] { 3 }), out _));
        Assert.NotEqual(JwtStatus.Ok, LibraryKeyFactory.Instance.TryCreate(new KeyMaterial(KeyMaterialKind.Ed25519, new byte[5]), out _));
        Assert.NotEqual(JwtStatus.Ok, LibraryKeyFactory.Instance.TryCreate(new KeyMaterial(KeyMaterialKind.SubjectPublicKeyInfo, new byte[] { 1, 2, 3 }), out _));
        Assert.NotEqual(JwtStatus.Ok, LibraryKeyFactory.Instance.TryCreate(new KeyMaterial(KeyMaterialKind.Certificate, new byte[] { 0x30, 0 }), out _));
    }
}
