namespace Waypoint.Model.Tokens;

/// <summary>The signature algorithms (RFC 7518 section 3.1, RFC 8037) that tokens may name. <c>none</c> is not among them.</summary>
public static class SignatureAlgorithm
{
    /// <summary>The algorithm of Ed25519 keys.</summary>
    public const string EdDsa = "EdDSA";

    /// <summary>True for a name that keys can verify.</summary>
    public static bool IsImplemented(string name) => name is
        "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" or "ES256" or "ES384" or "ES512" or "HS256" or "HS384" or "HS512" or EdDsa;
}
