using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>What is mutable about the providers of a filter: their keys and the tokens that were verified. Safe for concurrent use.</summary>
public interface IProviderKeys
{
    /// <summary>The keys of a provider now. Does not wait.</summary>
    KeySetAnswer Current(int provider);

    /// <summary>The token as it was verified before with the provider's present keys, or null.</summary>
    /// <param name="token">The whole token.</param>
    /// <param name="provider">For which provider.</param>
    /// <param name="read">If it was verified for another provider, or with other keys: the token already read. What it says must be checked anew.</param>
    VerifiedToken? Find(ReadOnlySpan<char> token, int provider, out Jwt? read);

    /// <summary>Remembers a token that <paramref name="keys"/> have verified.</summary>
    void Remember(ReadOnlySpan<char> token, VerifiedToken verified, KeySet keys, ulong now);
}
