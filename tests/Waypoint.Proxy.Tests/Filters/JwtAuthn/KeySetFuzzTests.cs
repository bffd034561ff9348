using System.Globalization;
using System.Text;
using Waypoint.Model.Tokens;
using Waypoint.Proxy.Filters.JwtAuthn;

namespace Waypoint.Proxy.Tests.Filters.JwtAuthn;

/// <summary>Damaged keys and signatures for the libraries behind the parser. WAYPOINT_FUZZ_SEED repeats a run, WAYPOINT_FUZZ_ROUNDS makes it longer.</summary>
public sealed class KeySetFuzzTests
{
    private const string Keys = """
        {"keys":[{"kty":"EC","crv":"P-256","x":"DWQW006KVicgoNIQSWzE6s44BJlJwlRFXkYfpIqwMS4","y":"RCnMkxEzHoKQqb0TtzGepwWGD31wW_kuB5TfXZY_5ZQ"},
        {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty":"oct","k":"c2VjcmV0"}]}
        """;

    private static readonly SigningIssuer Issuer = new();
    private static readonly string[] Algorithms = ["RS256", "RS512", "PS256", "PS512", "ES256", "ES384", "ES512", "HS256", "EdDSA", "none"];

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : Random.Shared.Next();
    private readonly int _rounds = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : 2000;

    [Fact]
    public void Verify_DamagedKeysAndRandomSignatures_NeverThrowsAndNeverVerifies()
    {
        var random = new Random(_seed);
        byte[] signed = "a.b"u8.ToArray();
        for (int round = 0; round < _rounds / 4; round++)
        {
            try
            {
                KeySet keys = KeySet.Parse(Damaged(random.Next(3) == 0 ? Issuer.KeySetText : Keys, random), LibraryKeyFactory.Instance);
                byte[] signature = new byte[random.Next(5) switch { 0 => random.Next(600), 1 => 64, 2 => 256, 3 => 32, _ => 132 }];
                random.NextBytes(signature);
                foreach (SigningKey key in keys.Keys)
                {
                    Assert.False(key.Verifier.Verify(Algorithms[random.Next(Algorithms.Length)], signed, signature), $"seed {_seed}, round {round}");
                }
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {_seed}, round {round}: {exception}");
            }
        }
    }

    private static string Damaged(string text, Random random)
    {
        var damaged = new StringBuilder(text);
        for (int i = random.Next(3); i > 0; i--)
        {
            int at = random.Next(damaged.Length);
            if (random.Next(3) == 0)
            {
                damaged.Remove(at, 1);
            }
            else
            {
                damaged[at] = "AQgw_-019\"{}[]:,"[random.Next(16)];
            }
        }

        return damaged.ToString();
    }
}
