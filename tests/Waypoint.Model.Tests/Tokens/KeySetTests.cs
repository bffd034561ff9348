using Waypoint.Model.Tokens;

namespace Waypoint.Model.Tests.Tokens;

public sealed class KeySetTests
{
    private static readonly HashKeyFactory Factory = new();

    [Fact]
    public void Verify_GoodSignature_Ok() => Assert.Equal(JwtStatus.Ok, KeySet.Parse(TestTokens.KeySetText, Factory).Verify(Token("{}")));

    [Fact]
    public void Verify_KeyOfAnotherName_KidAlgMismatch() =>
        Assert.Equal(JwtStatus.JwksKidAlgMismatch, KeySet.Parse(TestTokens.KeySetText, Factory).Verify(Token("{}", """{"alg":"HS256","kid":"other"}""")));

    [Fact]
    public void Verify_PublicKeyAsSecret_NoKeyOfThatAlgorithm() =>
        Assert.Equal(JwtStatus.JwksKidAlgMismatch, KeySet.Parse(TestTokens.KeySetText.Replace("\"alg\":\"HS256\"", "\"alg\":\"HS384\""), Factory).Verify(Token("{}")));

    [Theory]
    [InlineData("", JwtStatus.JwksParseError)]
    [InlineData("[]", JwtStatus.JwksParseError)]
    [InlineData("{\"keys\":[],\"keys\":[]}", JwtStatus.JwksParseError)]
    [InlineData("{}", JwtStatus.JwksNoKeys)]
    [InlineData("{\"keys\":[]}", JwtStatus.JwksNoValidKeys)]
    [InlineData("{\"keys\":[1,\"a\",null]}", JwtStatus.JwksNoValidKeys)]
    [InlineData("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQ\"}]}", JwtStatus.JwksRsaParseError)]
    [InlineData("\ud800", JwtStatus.JwksParseError)]
    public void Parse_NothingUsable_NoKeysAndTheReason(string text, JwtStatus expected)
    {
        var set = KeySet.Parse(text, Factory);
        Assert.Equal(expected, set.Status);
        Assert.Empty(set.Keys);
        Assert.Equal(JwtStatus.JwksKidAlgMismatch, set.Verify(Token("{}")));
    }

    [Fact]
    public void Parse_ModulusBeyondTheLimit_Refused() =>
        Assert.Equal(JwtStatus.JwksRsaParseError, KeySet.Parse($$"""{"keys":[{"kty":"RSA","n":"{{new string('A', 1)}}_{{new string('_', 2000)}}","e":"AQAB"}]}""", Factory).Status);

    [Theory]
    [InlineData("\"use\":\"sig\",", true)]
    [InlineData("\"use\":\"enc\",", false)]
    [InlineData("\"key_ops\":[\"verify\"],", true)]
    [InlineData("\"key_ops\":[\"encrypt\"],", false)]
    [InlineData("\"key_ops\":[],", false)]
    public void Parse_KeyForAnotherPurpose_VerifiesNothing(string purpose, bool usable)
    {
        var set = KeySet.Parse(TestTokens.KeySetText.Replace("\"kty\"", purpose + "\"kty\""), Factory);
        Assert.Equal(usable ? JwtStatus.Ok : JwtStatus.JwksNoValidKeys, set.Status);
    }

    [Fact]
    public void Parse_TooManyKeys_Refused()
    {
        var key = TestTokens.KeySetText["{\"keys\":[".Length..^2];
        Assert.Equal(JwtStatus.Ok, KeySet.Parse($$"""{"keys":[{{string.Join(',', Enumerable.Repeat(key, KeySetReader.MaxKeys))}}]}""", Factory).Status);
        Assert.Equal(JwtStatus.JwksBadKeys, KeySet.Parse($$"""{"keys":[{{string.Join(',', Enumerable.Repeat(key, KeySetReader.MaxKeys + 1))}}]}""", Factory).Status);
    }

    private static Jwt Token(string payload, string header = TestTokens.Header)
    {
        Assert.Equal(JwtStatus.Ok, Jwt.Parse(TestTokens.Signed(payload, header), out var token));
        return token!;
    }
}
