using System.Globalization;
using System.Text;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Tests.Tokens;

/// <summary>Damaged and random tokens and key sets. WAYPOINT_FUZZ_SEED repeats a run, WAYPOINT_FUZZ_ROUNDS makes it longer.</summary>
public sealed class TokenFuzzTests
{
    private const string Alphabet = "ABCxyz019-_.=+/ \t\n\"{}[]:,\\u00e9\ud83d\udd11\0";

    private static readonly HashKeyFactory Factory = new();

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();
    private readonly int _rounds = int.TryParse(Environment.GetEnvironmentVariable("WAYPOINT_FUZZ_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 2000;

    [Fact]
    public void Parse_DamagedTokens_NeverThrowsAndNeverVerifies()
    {
        var random = new Random(_seed);
        var keys = KeySet.Parse(TestTokens.KeySetText, Factory);
        var good = TestTokens.Signed("""{"iss":"https://issuer","sub":"me","aud":["a","b"],"exp":4000000000,"nested":{"list":[1,true,null,"x"]}}""");
        for (var round = 0; round < _rounds * 10; round++)
        {
            var token = random.Next(8) == 0 ? RandomText(random, 200) : Damaged(good, random);
            try
            {
                var status = Jwt.Parse(token, out var parsed);
                Assert.Equal(status == JwtStatus.Ok, parsed is not null);
                if (parsed is not null && token != good)
                    Assert.NotEqual(JwtStatus.Ok, keys.Verify(parsed));
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {_seed}, round {round}: {exception}");
            }
        }
    }

    [Fact]
    public void Parse_DamagedPayloads_NeverThrowsAndClaimsHaveTheirKinds()
    {
        var random = new Random(_seed);
        const string Payload = """{"iss":"https://issuer","sub":"me","aud":["a","b"],"exp":4000000000,"nbf":1.5e3,"nested":{"list":[1,true,null,"\u00e9"]}}""";
        for (var round = 0; round < _rounds * 5; round++)
        {
            try
            {
                // Half of a surrogate pair cannot be signed as text: it becomes a replacement character.
                Jwt.Parse(TestTokens.Signed(Damaged(Payload, random)), out _);
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {_seed}, round {round}: {exception}");
            }
        }
    }

    [Fact]
    public void Parse_DamagedKeySets_NeverThrowsAndOnlyTheRealKeyVerifies()
    {
        var random = new Random(_seed);
        Assert.Equal(JwtStatus.Ok, Jwt.Parse(TestTokens.Signed("{}"), out var token));
        var forged = TestTokens.Signed("{}")[..^4] + "AAAA";
        Assert.Equal(JwtStatus.Ok, Jwt.Parse(forged, out var bad));
        for (var round = 0; round < _rounds * 5; round++)
        {
            var text = random.Next(8) == 0 ? RandomText(random, 300) : Damaged(TestTokens.KeySetText, random);
            try
            {
                var keys = KeySet.Parse(text, Factory);
                Assert.Equal(keys.Status == JwtStatus.Ok, keys.Keys.Count > 0);
                keys.Verify(token!);
                Assert.NotEqual(JwtStatus.Ok, keys.Verify(bad!));
                KeySet.ParsePem(text, Factory);
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
        for (var i = random.Next(1, 4); i > 0 && damaged.Length > 0; i--)
        {
            var at = random.Next(damaged.Length);
            switch (random.Next(5))
            {
                case 0:
                    damaged[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                case 1:
                    damaged.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                    break;
                case 2:
                    damaged.Remove(at, random.Next(1, Math.Min(20, damaged.Length - at) + 1));
                    break;
                case 3:
                    damaged.Insert(at, text.AsSpan(random.Next(text.Length)));
                    break;
                default:
                    damaged[at] = (char)(damaged[at] ^ (1 << random.Next(7)));
                    break;
            }
        }

        return damaged.ToString();
    }

    private static string RandomText(Random random, int length) => string.Create(random.Next(length), random, static (text, source) =>
    {
        for (var i = 0; i < text.Length; i++)
            text[i] = source.Next(4) == 0 ? (char)source.Next(0x10000) : Alphabet[source.Next(Alphabet.Length)];
    });
}
