using Microsoft.IdentityModel.Tokens;
using Waypoint.Model.Tokens;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>An RSA or EC key. The library keeps a pool of key objects per algorithm, because the platform's may be used by one thread at a time.</summary>
internal sealed class LibraryVerifier : KeyVerifier
{
    private static readonly string[] RsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    // By algorithm; made at first use, so that a key without "alg" costs one provider and not six.
    private readonly Lazy<SignatureProvider?>[] _providers;
    private readonly string[] _algorithms;

    public LibraryVerifier(string keyType, string curve, SecurityKey key)
        : base(keyType, curve)
    {
        _algorithms = curve switch
        {
            "P-256" => ["ES256"],
            "P-384" => ["ES384"],
            "P-521" => ["ES512"],
            _ => RsaAlgorithms,
        };
        _providers = [.. _algorithms.Select(algorithm => new Lazy<SignatureProvider?>(() => Create(key, algorithm)))];
    }

    public override bool Verify(string algorithm, ReadOnlySpan<byte> signedBytes, ReadOnlySpan<byte> signature)
    {
        int at = Array.IndexOf(_algorithms, algorithm);
        if (at < 0 || _providers[at].Value is not { } provider || signature.IsEmpty)
        {
            return false;
        }

        try
        {
            return provider.Verify(signedBytes.ToArray(), signature.ToArray());
        }
        catch (Exception malformed) when (malformed is System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            // A signature of a length or form that the platform does not take is none.
            return false;
        }
    }

    private static SignatureProvider? Create(SecurityKey key, string algorithm)
    {
        // Its own cache has a task that never ends and counts references: the key set keeps the providers.
        var factory = new CryptoProviderFactory { CacheSignatureProviders = false };
        try
        {
            return factory.CreateForVerifying(key, algorithm, cacheProvider: false);
        }
        catch (Exception unsupported) when (unsupported is NotSupportedException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
