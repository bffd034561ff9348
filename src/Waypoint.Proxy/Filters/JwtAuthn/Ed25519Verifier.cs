using Org.BouncyCastle.Math.EC.Rfc8032;
using Waypoint.Model.Tokens;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>An Ed25519 key. Bytes that are no point of the curve make a key that verifies nothing, as in Envoy: they do not spoil the set.</summary>
/// <param name="key">The 32 bytes.</param>
internal sealed class Ed25519Verifier(byte[] key) : KeyVerifier("OKP", "Ed25519")
{
    public override bool Verify(string algorithm, ReadOnlySpan<byte> signedBytes, ReadOnlySpan<byte> signature)
    {
        if (algorithm != SignatureAlgorithm.EdDsa || signature.Length != Ed25519.SignatureSize)
        {
            return false;
        }

        byte[] message = signedBytes.ToArray();
        return Ed25519.Verify(signature.ToArray(), 0, key, 0, message, 0, message.Length);
    }
}
