using System.Text;
using System.Text.Json;
using Waypoint.Model.Tokens;
using Waypoint.Proxy.Filters.JwtAuthn;

namespace Waypoint.Conformance.Tests.Tokens;

/// <summary>Attacks on signatures and keys from the Wycheproof project. Their payloads are no claims, so everything up to the payload is what is tested.</summary>
public sealed class WycheproofTests
{
    /// <summary>What Envoy accepts and the suite does not, so that tokens of such issuers go on working: small keys, and key sets that could be taken for two.</summary>
    private static readonly string[] AcceptedNevertheless =
        ["rejects1024bitRsaKey", "key_too_short", "rejectsKeyWithRocaVulnerability", "MixedKeySet", "jws_mixedSymmetryKeyset", "DuplicateKid"];

    [Theory]
    [InlineData("json_web_signature_test.json", 401)]
    [InlineData("json_web_key_test.json", 26)]
    [InlineData("json_web_crypto_test.json", 83)]
    public void Verify_EveryVector_InvalidOnesNeverPass(string file, int count)
    {
        if (ConformanceFolder.Path is not { } folder)
        {
            Assert.Skip($"no conformance tables: set {ConformanceFolder.Variable} to their folder");
            return;
        }

        using var stream = File.OpenRead(Path.Combine(folder, "..", "upstream", "wycheproof", "testvectors_v1", file));
        using var suite = JsonDocument.Parse(stream);
        var wrong = new List<string>();
        var seen = 0;
        foreach (var group in suite.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var keys = KeySet.Parse(KeySetOf(group), LibraryKeyFactory.Instance);
            // Two invalid vectors are letter by letter the valid one of their group.
            HashSet<string> valid = [.. group.GetProperty("tests").EnumerateArray().Where(static test => test.Text("result") == "valid").Select(TextOf)];
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                seen++;
                var text = TextOf(test);
                if (test.Text("result") != "valid" && valid.Contains(text))
                    continue;
                if (Explain(test, group, IsAccepted(text, keys)) is { } problem)
                    wrong.Add(problem);
            }
        }

        Assert.Equal(count, seen);
        Assert.Empty(wrong);
    }

    private static string? Explain(JsonElement test, JsonElement group, bool accepted)
    {
        var what = $"{group.Text("comment")} {test.GetProperty("tcId")} {test.Text("comment")}";
        if (accepted)
        {
            var known = AcceptedNevertheless.Contains(test.Text("comment")) || AcceptedNevertheless.Contains(group.Text("comment"))
                || test.GetProperty("flags").EnumerateArray().Any(static flag => AcceptedNevertheless.Contains(flag.GetString()));
            return test.Text("result") == "valid" || known ? null : $"{what} is accepted";
        }

        // RFC 7518 has no ES521 (the algorithm of P-521 is ES512), figure 20 of RFC 7520 is signed with another algorithm than the key is for, other readings of base64url
        // pass over characters that do not belong there, and encrypted tokens are not for us.
        var refusable = group.GetRawText().Contains("\"ES521\"", StringComparison.Ordinal) || test.Text("comment") == "Figure20" || group.Text("comment") == "base64"
            || test.Find("jwe") is not null;
        return test.Text("result") == "valid" && !refusable ? $"{what} is refused" : null;
    }

    /// <summary>Empty for what is no compact form.</summary>
    private static string TextOf(JsonElement test) => test.Find("jws") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static bool IsAccepted(string text, KeySet keys)
    {
        var parts = text.Split('.');
        return parts.Length == 3
            && Jwt.ParseHeader(parts[0], out _, out var algorithm, out var keyId) == JwtStatus.Ok
            && Base64UrlText.TryDecode(parts[1], out _)
            && Base64UrlText.TryDecode(parts[2], out var signature)
            && keys.Verify(algorithm, keyId, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature) == JwtStatus.Ok;
    }

    private static string KeySetOf(JsonElement group)
    {
        var key = group.Find("public") ?? group.GetProperty("private");
        return key.Find("keys") is null ? $$"""{"keys":[{{key.GetRawText()}}]}""" : key.GetRawText();
    }
}
