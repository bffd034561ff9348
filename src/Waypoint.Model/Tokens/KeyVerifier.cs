namespace Waypoint.Model.Tokens;

/// <summary>A key that verifies signatures. Safe for concurrent use.</summary>
/// <param name="keyType"><c>kty</c>: RSA, EC, OKP or oct.</param>
/// <param name="curve"><c>crv</c>; empty if the type has none.</param>
public abstract class KeyVerifier(string keyType, string curve = "")
{
    /// <summary><c>kty</c>.</summary>
    public string KeyType { get; } = keyType;

    /// <summary><c>crv</c>; empty if the type has none.</summary>
    public string Curve { get; } = curve;

    /// <summary>True if <paramref name="signature"/> is this key's for <paramref name="signedBytes"/> under <paramref name="algorithm"/>. False for an algorithm of another
    /// kind of key or curve, whatever the bytes. Never throws.</summary>
    public abstract bool Verify(string algorithm, ReadOnlySpan<byte> signedBytes, ReadOnlySpan<byte> signature);
}
