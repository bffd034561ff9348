namespace Waypoint.Model.Tokens;

/// <summary>The keys of an issuer (RFC 7517), or why there are none. Immutable; verifying is safe for concurrent use.</summary>
public sealed class KeySet
{
    private const int Ed25519SignatureLength = 64;

    private readonly SigningKey[] _keys;

    internal KeySet(JwtStatus status, IReadOnlyList<SigningKey> keys)
    {
        Status = status;
        _keys = [.. keys];
    }

    /// <summary><see cref="JwtStatus.Ok"/>, or what is wrong with the whole set; then it has no keys.</summary>
    public JwtStatus Status { get; }

    /// <summary>The keys that can be used, in order.</summary>
    public IReadOnlyList<SigningKey> Keys => _keys;

    /// <summary>Reads a key set in JSON, or Google's map of identifiers to certificates. Never throws.</summary>
    public static KeySet Parse(string text, IKeyFactory factory) => new KeySetReader(factory).ReadJson(text);

    /// <summary>Reads one public key in PEM. Never throws.</summary>
    public static KeySet ParsePem(string text, IKeyFactory factory) => new KeySetReader(factory).ReadPem(text);

    /// <summary>The same keys, all restricted to one algorithm.</summary>
    public KeySet WithAlgorithm(string algorithm) => new(Status, [.. _keys.Select(key => key with { Algorithm = algorithm })]);

    /// <summary>Verifies the signature of a token with the keys that have its <c>kid</c> and <c>alg</c>; keys without either fit every token of their type.</summary>
    public JwtStatus Verify(Jwt token) => Verify(token.Algorithm, token.KeyId, token.SignedBytes.Span, token.Signature.Span);

    /// <summary>The same for something signed whose payload is no set of claims.</summary>
    internal JwtStatus Verify(string algorithm, string keyId, ReadOnlySpan<byte> signedBytes, ReadOnlySpan<byte> signature)
    {
        var fits = false;
        foreach (var key in _keys)
        {
            if (keyId.Length > 0 && key.KeyId.Length > 0 && keyId != key.KeyId)
                continue;
            if (key.Algorithm.Length > 0 && key.Algorithm != algorithm)
                continue;
            fits = true;
            if (key.Verifier.Verify(algorithm, signedBytes, signature))
                return JwtStatus.Ok;
            if (key.Verifier.KeyType == "OKP" && signature.Length != Ed25519SignatureLength)
                return JwtStatus.JwtEd25519SignatureWrongLength;
        }

        return fits ? JwtStatus.JwtVerificationFail : JwtStatus.JwksKidAlgMismatch;
    }
}
