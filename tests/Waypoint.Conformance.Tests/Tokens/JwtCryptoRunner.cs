using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Waypoint.Model.Matching;
using Waypoint.Model.Tokens;
using Waypoint.Proxy.Filters.JwtAuthn;

namespace Waypoint.Conformance.Tests.Tokens;

/// <summary>Set <c>jwt-crypto</c>: tokens, key sets, signatures, times and audiences, each on its own.</summary>
internal sealed class JwtCryptoRunner : IConformanceRunner
{
    private const ulong DefaultSkewSeconds = 60;

    public string Set => "jwt-crypto";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        var expect = testCase.GetProperty("expect");
        switch (testCase.Text("kind"))
        {
            case "parse-token":
                ParseToken(testCase, expect);
                break;
            case "parse-keyset":
                ParseKeySet(testCase, expect);
                break;
            case "verify-signature":
                VerifySignature(testCase, expect);
                break;
            case "time-check":
                CheckTime(testCase, expect);
                break;
            case "audience-check":
                CheckAudience(testCase, expect);
                break;
            default:
                Assert.Fail($"the runner does not know the kind '{testCase.Text("kind")}'");
                break;
        }
    }

    private static void ParseToken(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("status", "message", "fields", "claims");
        var status = Jwt.Parse(TokenOf(testCase.GetProperty("token")), out var token);
        CheckStatus(expect, status);
        Assert.Equal(status == JwtStatus.Ok, token is not null);
        if (expect.Find("fields") is { } fields)
            CheckFields(fields, token!);
        if (expect.Find("claims") is not { } claims)
            return;
        foreach (var claim in claims.EnumerateObject())
        {
            MetadataValue? found = token!.Payload;
            foreach (var name in claim.Name.Split('.'))
                found = found?.Field(name);
            Assert.Equal(MetadataText.Render(claim.Value.ToMetadata()), found is null ? null : MetadataText.Render(found));
        }
    }

    private static void CheckFields(JsonElement fields, Jwt token)
    {
        foreach (var field in fields.EnumerateObject())
        {
            switch (field.Name)
            {
                case "alg":
                    Assert.Equal(field.Value.GetString(), token.Algorithm);
                    break;
                case "kid":
                    Assert.Equal(field.Value.GetString(), token.KeyId);
                    break;
                case "iss":
                    Assert.Equal(field.Value.GetString(), token.Issuer);
                    break;
                case "sub":
                    Assert.Equal(field.Value.GetString(), token.Subject);
                    break;
                case "audiences":
                    Assert.Equal(field.Value.EnumerateArray().Select(static audience => audience.GetString()), token.Audiences);
                    break;
                case "iat":
                    Assert.Equal(field.Value.GetUInt64(), token.IssuedAt);
                    break;
                case "nbf":
                    Assert.Equal(field.Value.GetUInt64(), token.NotBefore);
                    break;
                case "exp":
                    Assert.Equal(field.Value.GetUInt64(), token.ExpiresAt);
                    break;
                case "signature_utf8":
                    Assert.Equal(field.Value.GetString(), Encoding.UTF8.GetString(token.Signature.Span));
                    break;
                default:
                    Assert.Fail($"the runner does not know the field '{field.Name}'");
                    break;
            }
        }
    }

    private static void ParseKeySet(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("status", "message", "key_count", "keys");
        var set = KeySetOf(testCase);
        CheckStatus(expect, set.Status);
        if (expect.Find("key_count") is { } count)
            Assert.Equal(count.GetInt32(), set.Keys.Count);
        if (expect.Find("keys") is not { } keys)
            return;
        foreach (var (expected, key) in keys.EnumerateArray().Zip(set.Keys))
        {
            expected.RequireOnly("alg", "kid", "kty", "crv");
            Assert.Equal(expected.Text("alg") ?? key.Algorithm, key.Algorithm);
            Assert.Equal(expected.Text("kid") ?? key.KeyId, key.KeyId);
            Assert.Equal(expected.Text("kty") ?? key.Verifier.KeyType, key.Verifier.KeyType);
            Assert.Equal(expected.Text("crv") ?? key.Verifier.Curve, key.Verifier.Curve);
        }
    }

    private static void VerifySignature(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("status", "message", "after_tampering");
        var set = KeySetOf(testCase);
        Assert.Equal(JwtStatus.Ok, set.Status);
        if (testCase.Find("key_override") is { } changes)
        {
            changes.RequireOnly("alg", "crv");
            set = set.WithAlgorithm(changes.Text("alg")!);
        }

        var text = TokenOf(testCase.GetProperty("token"));
        Assert.Equal(JwtStatus.Ok, Jwt.Parse(text, out var token));
        var now = testCase.GetProperty("now_unix") is { ValueKind: JsonValueKind.Number } seconds ? seconds.GetUInt64() : (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        CheckStatus(expect, Verify(token!, set, now));
        if (expect.Find("after_tampering") is { } tampering)
            Tamper(text, token!, set, now, tampering);
    }

    private static void Tamper(string text, Jwt token, KeySet set, ulong now, JsonElement expect)
    {
        expect.RequireOnly("signature_bit_flipped", "signature_truncated");
        var signature = token.Signature.ToArray();
        if (expect.Text("signature_bit_flipped") is { } flipped)
        {
            // Every bit of short signatures, every seventh of long ones.
            for (var bit = 0; bit < signature.Length * 8; bit += signature.Length > 64 ? 7 : 1)
            {
                var changed = signature.ToArray();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.Equal(flipped, WithSignature(text, changed, set, now).ToString());
            }
        }

        if (expect.Text("signature_truncated") is { } truncated)
        {
            for (var length = 1; length < signature.Length; length++)
                Assert.Equal(truncated, WithSignature(text, signature[..length], set, now).ToString());
        }
    }

    private static JwtStatus WithSignature(string text, byte[] signature, KeySet set, ulong now)
    {
        Assert.Equal(JwtStatus.Ok, Jwt.Parse($"{text[..text.LastIndexOf('.')]}.{Base64Url.EncodeToString(signature)}", out var token));
        return Verify(token!, set, now);
    }

    private static JwtStatus Verify(Jwt token, KeySet set, ulong now)
    {
        var time = token.CheckTime(now, DefaultSkewSeconds);
        return time == JwtStatus.Ok ? set.Verify(token) : time;
    }

    private static void CheckTime(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("status", "message");
        var claims = testCase.GetProperty("claims");
        claims.RequireOnly("exp", "nbf");
        CheckStatus(expect, Jwt.CheckTime(
            claims.Number("nbf") ?? 0, claims.Number("exp") ?? 0, testCase.Number("now_unix")!.Value, testCase.Number("clock_skew_seconds") ?? DefaultSkewSeconds));
    }

    private static void CheckAudience(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("allowed", "status", "message");
        var accepted = new AudienceSet(Texts(testCase.GetProperty("allowed_audiences")));
        var allowed = accepted.Allows(Texts(testCase.GetProperty("token_audiences")));
        Assert.Equal(expect.GetProperty("allowed").GetBoolean(), allowed);
        if (expect.Text("status") is not null)
            CheckStatus(expect, allowed ? JwtStatus.Ok : JwtStatus.JwtAudienceNotAllowed);
    }

    private static void CheckStatus(JsonElement expect, JwtStatus status)
    {
        Assert.Equal(expect.Text("status"), status.ToString());
        if (expect.Text("message") is { } message)
            Assert.Equal(message, JwtStatusText.Of(status));
    }

    private static KeySet KeySetOf(JsonElement testCase)
    {
        var text = testCase.Text("keyset_text")!;
        return testCase.Text("keyset_format") == "PEM" ? KeySet.ParsePem(text, LibraryKeyFactory.Instance) : KeySet.Parse(text, LibraryKeyFactory.Instance);
    }

    private static string TokenOf(JsonElement token) => token.ValueKind == JsonValueKind.String
        ? token.GetString()!
        : string.Concat(Enumerable.Repeat(token.Text("repeat")!, token.GetProperty("times").GetInt32()));

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(static item => item.GetString()!)];
}
