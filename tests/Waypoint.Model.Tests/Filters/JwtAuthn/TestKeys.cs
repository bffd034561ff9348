using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Tests.Tokens;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Tests.Filters.JwtAuthn;

/// <summary>The same keys for every provider, which a test may take away or replace.</summary>
internal sealed class TestKeys : IProviderKeys
{
    internal KeySetAnswer Answer { get; set; } = KeySetAnswer.Of(KeySet.Parse(TestTokens.KeySetText, new HashKeyFactory()));

    internal TokenCache Tokens { get; init; } = new();

    /// <summary>How often a token was found to be known.</summary>
    internal int Hits { get; private set; }

    public KeySetAnswer Current(int provider) => Answer;

    public VerifiedToken? Find(ReadOnlySpan<char> token, int provider, out Jwt? read)
    {
        var found = Tokens.Find(token, provider, Answer.Keys, 0, out read);
        Hits += found is null ? 0 : 1;
        return found;
    }

    public void Remember(ReadOnlySpan<char> token, VerifiedToken verified, KeySet keys, ulong now) => Tokens.Remember(token, verified, keys, now);
}
