namespace Waypoint.Model.Tokens;

/// <summary>What became of a token or a key set. Names and numbers are those of Envoy's token library: the numbers appear in dynamic metadata
/// (<c>failed_status_in_metadata</c>), the texts (<see cref="JwtStatusText"/>) in bodies and logs.</summary>
public enum JwtStatus
{
    /// <summary>Everything is in order.</summary>
    Ok = 0,

    /// <summary>No token where one is looked for.</summary>
    JwtMissed = 1,

    /// <summary><c>nbf</c> lies ahead.</summary>
    JwtNotYetValid = 2,

    /// <summary><c>exp</c> is over.</summary>
    JwtExpired = 3,

    /// <summary>Not three parts between dots (encrypted tokens have five), or too long.</summary>
    JwtBadFormat = 4,

    /// <summary>Jwt header is an invalid Base64url encoded.</summary>
    JwtHeaderParseErrorBadBase64 = 5,

    /// <summary>Jwt header is an invalid JSON.</summary>
    JwtHeaderParseErrorBadJson = 6,

    /// <summary>Jwt header [alg] field is required and must be a string.</summary>
    JwtHeaderBadAlg = 7,

    /// <summary>Jwt header [alg] is not supported.</summary>
    JwtHeaderNotImplementedAlg = 8,

    /// <summary>Jwt header [kid] field is not a string.</summary>
    JwtHeaderBadKid = 9,

    /// <summary>Jwt payload is an invalid Base64url encoded.</summary>
    JwtPayloadParseErrorBadBase64 = 10,

    /// <summary>Jwt payload is an invalid JSON.</summary>
    JwtPayloadParseErrorBadJson = 11,

    /// <summary>Jwt payload [iss] field is not a string.</summary>
    JwtPayloadParseErrorIssNotString = 12,

    /// <summary>Jwt payload [sub] field is not a string.</summary>
    JwtPayloadParseErrorSubNotString = 13,

    /// <summary>Jwt payload [iat] field is not an integer.</summary>
    JwtPayloadParseErrorIatNotInteger = 14,

    /// <summary>Jwt payload [iat] field is not a positive 64 bit integer.</summary>
    JwtPayloadParseErrorIatOutOfRange = 15,

    /// <summary>Jwt payload [nbf] field is not an integer.</summary>
    JwtPayloadParseErrorNbfNotInteger = 16,

    /// <summary>Jwt payload [nbf] field is not a positive 64 bit integer.</summary>
    JwtPayloadParseErrorNbfOutOfRange = 17,

    /// <summary>Jwt payload [exp] field is not an integer.</summary>
    JwtPayloadParseErrorExpNotInteger = 18,

    /// <summary>Jwt payload [exp] field is not a positive 64 bit integer.</summary>
    JwtPayloadParseErrorExpOutOfRange = 19,

    /// <summary>Jwt payload [jti] field is not a string.</summary>
    JwtPayloadParseErrorJtiNotString = 20,

    /// <summary>Jwt payload [aud] field is not a string or string list.</summary>
    JwtPayloadParseErrorAudNotString = 21,

    /// <summary>Jwt signature is an invalid Base64url encoded.</summary>
    JwtSignatureParseErrorBadBase64 = 22,

    /// <summary>Jwt ED25519 signature is wrong length.</summary>
    JwtEd25519SignatureWrongLength = 23,

    /// <summary><c>iss</c> is none of those expected at this place.</summary>
    JwtUnknownIssuer = 24,

    /// <summary>None of <c>aud</c> is expected: the one failure that is answered 403.</summary>
    JwtAudienceNotAllowed = 25,

    /// <summary>No key verifies the signature, or subject or lifetime is not accepted.</summary>
    JwtVerificationFail = 26,

    /// <summary>Found multiple Jwt tokens.</summary>
    JwtMultipleTokens = 27,

    /// <summary>Jwks is an invalid JSON.</summary>
    JwksParseError = 28,

    /// <summary>Jwks does not have [keys] field.</summary>
    JwksNoKeys = 29,

    /// <summary>[keys] in Jwks is not an array.</summary>
    JwksBadKeys = 30,

    /// <summary>There is no key set that can be used.</summary>
    JwksNoValidKeys = 31,

    /// <summary>No key has the token's <c>kid</c> and <c>alg</c>.</summary>
    JwksKidAlgMismatch = 32,

    /// <summary>Jwks RSA [n] or [e] field is missing or has a parse error.</summary>
    JwksRsaParseError = 33,

    /// <summary>Jwks EC create key fail.</summary>
    JwksEcCreateKeyFail = 34,

    /// <summary>Jwks EC [x] or [y] field is an invalid Base64.</summary>
    JwksEcXorYBadBase64 = 35,

    /// <summary>Jwks EC [x] and [y] fields have a parse error.</summary>
    JwksEcParseError = 36,

    /// <summary>Jwks Oct key is an invalid Base64.</summary>
    JwksOctBadBase64 = 37,

    /// <summary>Jwks OKP [x] field is an invalid Base64.</summary>
    JwksOKPXBadBase64 = 38,

    /// <summary>Jwks OKP [x] field is wrong length.</summary>
    JwksOKPXWrongLength = 39,

    /// <summary>The key set could not be fetched.</summary>
    JwksFetchFail = 40,

    /// <summary>[kty] is missing in [keys].</summary>
    JwksMissingKty = 41,

    /// <summary>[kty] is bad in [keys].</summary>
    JwksBadKty = 42,

    /// <summary>[kty] is not supported in [keys].</summary>
    JwksNotImplementedKty = 43,

    /// <summary>[alg] is not started with [RS] or [PS] for an RSA key.</summary>
    JwksRSAKeyBadAlg = 44,

    /// <summary>[n] field is missing for a RSA key.</summary>
    JwksRSAKeyMissingN = 45,

    /// <summary>[n] field is not string for a RSA key.</summary>
    JwksRSAKeyBadN = 46,

    /// <summary>[e] field is missing for a RSA key.</summary>
    JwksRSAKeyMissingE = 47,

    /// <summary>[e] field is not string for a RSA key.</summary>
    JwksRSAKeyBadE = 48,

    /// <summary>[alg] is not started with [ES] for an EC key.</summary>
    JwksECKeyBadAlg = 49,

    /// <summary>[crv] field is not string for an EC key.</summary>
    JwksECKeyBadCrv = 50,

    /// <summary>[crv] or [alg] field is not supported for an EC key.</summary>
    JwksECKeyAlgOrCrvUnsupported = 51,

    /// <summary>[crv] field specified is not compatible with [alg] for an EC key.</summary>
    JwksECKeyAlgNotCompatibleWithCrv = 52,

    /// <summary>[x] field is missing for an EC key.</summary>
    JwksECKeyMissingX = 53,

    /// <summary>[x] field is not string for an EC key.</summary>
    JwksECKeyBadX = 54,

    /// <summary>[y] field is missing for an EC key.</summary>
    JwksECKeyMissingY = 55,

    /// <summary>[y] field is not string for an EC key.</summary>
    JwksECKeyBadY = 56,

    /// <summary>[alg] does not start with [HS] for an HMAC key.</summary>
    JwksHMACKeyBadAlg = 57,

    /// <summary>[k] field is missing for an HMAC key.</summary>
    JwksHMACKeyMissingK = 58,

    /// <summary>[k] field is not string for an HMAC key.</summary>
    JwksHMACKeyBadK = 59,

    /// <summary>[alg] is not [EdDSA] for an OKP key.</summary>
    JwksOKPKeyBadAlg = 60,

    /// <summary>[crv] field is missing for an OKP key.</summary>
    JwksOKPKeyMissingCrv = 61,

    /// <summary>[crv] field is not string for an OKP key.</summary>
    JwksOKPKeyBadCrv = 62,

    /// <summary>[crv] field is not supported for an OKP key.</summary>
    JwksOKPKeyCrvUnsupported = 63,

    /// <summary>[x] field is missing for an OKP key.</summary>
    JwksOKPKeyMissingX = 64,

    /// <summary>[x] field is not string for an OKP key.</summary>
    JwksOKPKeyBadX = 65,

    /// <summary>X509 parse pubkey internal fails: memory allocation.</summary>
    JwksX509BioWriteError = 66,

    /// <summary>X509 parse pubkey fails.</summary>
    JwksX509ParseError = 67,

    /// <summary>X509 parse pubkey internal fails: get pubkey.</summary>
    JwksX509GetPubkeyError = 68,

    /// <summary>PEM Key type is not supported.</summary>
    JwksPemNotImplementedKty = 69,

    /// <summary>PEM pubkey parse fails.</summary>
    JwksPemBadBase64 = 70,
}
