using Waypoint.Model.Tokens;

namespace Waypoint.Model.Tests.Tokens;

public sealed class JwtTests
{
    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a..c")]
    [InlineData("a.b.c.d.e")]
    public void Parse_NotThreeParts_BadFormat(string token) => Assert.Equal(JwtStatus.JwtBadFormat, Jwt.Parse(token, out _));

    [Fact]
    public void Parse_LongerThanTheLimit_BadFormat() =>
        Assert.Equal(JwtStatus.JwtBadFormat, Jwt.Parse(TestTokens.Signed($$"""{"a":"{{new string('x', Jwt.MaxLength)}}"}"""), out _));

    [Theory]
    [InlineData("""{"alg":"none"}""", JwtStatus.JwtHeaderNotImplementedAlg)]
    [InlineData("""{"alg":"NONE"}""", JwtStatus.JwtHeaderNotImplementedAlg)]
    [InlineData("""{"alg":""}""", JwtStatus.JwtHeaderNotImplementedAlg)]
    [InlineData("""{"alg":"RSA-OAEP","enc":"A128GCM"}""", JwtStatus.JwtHeaderNotImplementedAlg)]
    [InlineData("""{"alg":["HS256"]}""", JwtStatus.JwtHeaderBadAlg)]
    [InlineData("""{"typ":"JWT"}""", JwtStatus.JwtHeaderBadAlg)]
    [InlineData("""{"alg":"HS256","alg":"none"}""", JwtStatus.JwtHeaderParseErrorBadJson)]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""", JwtStatus.JwtVerificationFail)]
    [InlineData("""["HS256"]""", JwtStatus.JwtHeaderParseErrorBadJson)]
    [InlineData("""{"alg":"HS256"} {}""", JwtStatus.JwtHeaderParseErrorBadJson)]
    public void Parse_HeaderThatIsNotAcceptable_RefusedBeforeThePayload(string header, JwtStatus expected) =>
        Assert.Equal(expected, Jwt.Parse($"{TestTokens.Encode(header)}.!!!.!!!", out _));

    [Theory]
    [InlineData("""{"iss":"a","iss":"b"}""", JwtStatus.JwtPayloadParseErrorBadJson)]
    [InlineData("""{"a":1,}""", JwtStatus.JwtPayloadParseErrorBadJson)]
    [InlineData("""{"a":"\ud800"}""", JwtStatus.JwtPayloadParseErrorBadJson)]
    [InlineData("""{"a":1e999}""", JwtStatus.JwtPayloadParseErrorBadJson)]
    [InlineData("""{"exp":-1}""", JwtStatus.JwtPayloadParseErrorExpOutOfRange)]
    [InlineData("""{"exp":18446744073709551616}""", JwtStatus.JwtPayloadParseErrorExpOutOfRange)]
    [InlineData("""{"exp":null}""", JwtStatus.JwtPayloadParseErrorExpNotInteger)]
    [InlineData("""{"aud":{"a":1}}""", JwtStatus.JwtPayloadParseErrorAudNotString)]
    public void Parse_PayloadThatIsNotAcceptable_Refused(string payload, JwtStatus expected) => Assert.Equal(expected, Jwt.Parse(TestTokens.Signed(payload), out _));

    [Fact]
    public void Parse_DeepPayload_RefusedWithoutOverflow() =>
        Assert.Equal(JwtStatus.JwtPayloadParseErrorBadJson, Jwt.Parse(TestTokens.Signed($$"""{"a":{{new string('[', 3000)}}{{new string(']', 3000)}}}"""), out _));

    [Fact]
    public void Parse_SameBytesSpelledOtherwise_Refused()
    {
        var token = TestTokens.Signed("{}");
        Assert.Equal(JwtStatus.Ok, Jwt.Parse(token, out _));
        Assert.Equal(JwtStatus.JwtSignatureParseErrorBadBase64, Jwt.Parse(token + " ", out _));
        Assert.Equal(JwtStatus.JwtSignatureParseErrorBadBase64, Jwt.Parse(token + "\n", out _));
        // The last character of 32 bytes has two bits that belong to none.
        Assert.Equal(JwtStatus.JwtSignatureParseErrorBadBase64, Jwt.Parse(token[..^1] + (char)(token[^1] + 1), out _));
        Assert.Equal(JwtStatus.JwtSignatureParseErrorBadBase64, Jwt.Parse(token.Replace('-', '+').Replace('_', '/') + "+", out _));
    }

    [Theory]
    [InlineData(0, 0, 5, JwtStatus.Ok)]
    [InlineData(100, 0, 40, JwtStatus.Ok)]
    [InlineData(100, 0, 39, JwtStatus.JwtNotYetValid)]
    [InlineData(0, 100, 160, JwtStatus.Ok)]
    [InlineData(0, 100, 161, JwtStatus.JwtExpired)]
    [InlineData(0, ulong.MaxValue, ulong.MaxValue, JwtStatus.Ok)]
    [InlineData(ulong.MaxValue, 0, 0, JwtStatus.JwtNotYetValid)]
    public void CheckTime_AroundTheLimits_SkewCountsAndNothingWrapsAround(ulong notBefore, ulong expires, ulong now, JwtStatus expected) =>
        Assert.Equal(expected, Jwt.CheckTime(notBefore, expires, now, 60));
}
