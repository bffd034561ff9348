using System.Security.Cryptography;
using Waypoint.Model.Tokens;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>A shared secret.</summary>
internal sealed class HmacVerifier(ReadOnlyMemory<byte> secret) : KeyVerifier("oct")
{
    public override bool Verify(string algorithm, ReadOnlySpan<byte> signedBytes, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[HMACSHA512.HashSizeInBytes];
        int length = algorithm switch
        {
            "HS256" => HMACSHA256.HashData(secret.Span, signedBytes, hash),
            "HS384" => HMACSHA384.HashData(secret.Span, signedBytes, hash),
            "HS512" => HMACSHA512.HashData(secret.Span, signedBytes, hash),
            _ => 0,
        };
        return length > 0 && CryptographicOperations.FixedTimeEquals(hash[..length], signature);
    }
}
