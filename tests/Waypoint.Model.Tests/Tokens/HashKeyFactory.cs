using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Tests.Tokens;

/// <summary>Keyed hashes only: enough to test everything around signatures.</summary>
internal sealed class HashKeyFactory : IKeyFactory
{
    public JwtStatus TryCreate(KeyMaterial material, [NotNullWhen(true)] out KeyVerifier? verifier)
    {
        verifier = material.Kind == KeyMaterialKind.Secret ? new HashKey(material.First.ToArray()) : null;
        return verifier is null ? JwtStatus.JwksPemNotImplementedKty : JwtStatus.Ok;
    }

    private sealed class HashKey(byte[] secret) : KeyVerifier("oct")
    {
        public override bool Verify(string algorithm, ReadOnlySpan<byte> signedBytes, ReadOnlySpan<byte> signature) =>
            algorithm == "HS256" && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, signedBytes), signature);
    }
}
