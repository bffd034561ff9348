using System.Text;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tokens;

/// <summary>A signed token (RFC 7519 in JWS compact form), read but not verified: nothing in it may be believed before a <see cref="KeySet"/> has verified it. Immutable.</summary>
public sealed class Jwt
{
    /// <summary>Longest token in characters. Envoy bounds it by the request's headers (60 KiB); a longer one is refused as no token.</summary>
    public const int MaxLength = 16 * 1024;

    private Jwt(MetadataValue header, string algorithm)
    {
        Header = header;
        Algorithm = algorithm;
    }

    /// <summary>The header's fields, a struct.</summary>
    public MetadataValue Header { get; }

    /// <summary><c>alg</c>: one of the algorithms that are implemented; never <c>none</c>.</summary>
    public string Algorithm { get; }

    /// <summary><c>kid</c>; empty if absent.</summary>
    public string KeyId { get; private init; } = "";

    /// <summary>The claims, a struct.</summary>
    public MetadataValue Payload { get; private init; } = MetadataValue.Null;

    /// <summary>The payload as it stands in the token (base64url).</summary>
    public string PayloadText { get; private init; } = "";

    /// <summary><c>iss</c>; empty if absent.</summary>
    public string Issuer { get; private init; } = "";

    /// <summary><c>sub</c>; empty if absent.</summary>
    public string Subject { get; private init; } = "";

    /// <summary><c>aud</c>, one text or several.</summary>
    public IReadOnlyList<string> Audiences { get; private init; } = [];

    /// <summary><c>iat</c> in seconds since 1970; 0 if absent.</summary>
    public ulong IssuedAt { get; private init; }

    /// <summary><c>nbf</c> in seconds since 1970; 0 if absent.</summary>
    public ulong NotBefore { get; private init; }

    /// <summary><c>exp</c> in seconds since 1970; 0 if absent.</summary>
    public ulong ExpiresAt { get; private init; }

    /// <summary>Header and payload with the dot between them: what is signed.</summary>
    public ReadOnlyMemory<byte> SignedBytes { get; private init; }

    /// <summary>The signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; private init; }

    /// <summary>Reads a token. Anything that is not exactly one is refused with its reason; <c>alg</c> none, algorithms that are not implemented and encrypted tokens
    /// (five parts) are refused before anything else is looked at. Never throws.</summary>
    public static JwtStatus Parse(ReadOnlySpan<char> token, out Jwt? jwt)
    {
        jwt = null;
        if (token.Length > MaxLength || token.Count('.') != 2)
            return JwtStatus.JwtBadFormat;
        var first = token.IndexOf('.');
        var last = token.LastIndexOf('.');
        var payloadText = token[(first + 1)..last];
        if (first == 0 || payloadText.IsEmpty || last == token.Length - 1)
            return JwtStatus.JwtBadFormat;

        var status = ParseHeader(token[..first], out var header, out var algorithm, out var keyId);
        if (status != JwtStatus.Ok)
            return status;
        if (!Base64UrlText.TryDecode(payloadText, out var payloadBytes))
            return JwtStatus.JwtPayloadParseErrorBadBase64;
        if (!TokenJson.TryParseObject(payloadBytes, allowTrailingCommas: false, out var payload))
            return JwtStatus.JwtPayloadParseErrorBadJson;
        var claims = new JwtClaimReader(payload);
        if (claims.Status != JwtStatus.Ok)
            return claims.Status;
        if (!Base64UrlText.TryDecode(token[(last + 1)..], out var signature))
            return JwtStatus.JwtSignatureParseErrorBadBase64;

        // The parts have been decoded, so all is ASCII.
        var signed = new byte[last];
        Encoding.ASCII.GetBytes(token[..last], signed);
        jwt = new Jwt(header, algorithm)
        {
            KeyId = keyId,
            Payload = payload,
            PayloadText = payloadText.ToString(),
            Issuer = claims.Issuer,
            Subject = claims.Subject,
            Audiences = claims.Audiences,
            IssuedAt = claims.IssuedAt,
            NotBefore = claims.NotBefore,
            ExpiresAt = claims.ExpiresAt,
            SignedBytes = signed,
            Signature = signature,
        };
        return JwtStatus.Ok;
    }

    /// <summary>Whether the token is valid at this time.</summary>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="skewSeconds">How far the clocks may be apart.</param>
    public JwtStatus CheckTime(ulong now, ulong skewSeconds) => CheckTime(NotBefore, ExpiresAt, now, skewSeconds);

    /// <summary>The same for times without a token; 0 stands for an absent one.</summary>
    public static JwtStatus CheckTime(ulong notBefore, ulong expiresAt, ulong now, ulong skewSeconds)
    {
        if (Later(now, skewSeconds) < notBefore)
            return JwtStatus.JwtNotYetValid;
        return expiresAt != 0 && now > Later(expiresAt, skewSeconds) ? JwtStatus.JwtExpired : JwtStatus.Ok;
    }

    private static ulong Later(ulong time, ulong seconds) => ulong.MaxValue - time < seconds ? ulong.MaxValue : time + seconds;

    /// <summary>Reads the first part alone.</summary>
    internal static JwtStatus ParseHeader(ReadOnlySpan<char> text, out MetadataValue header, out string algorithm, out string keyId)
    {
        header = MetadataValue.Null;
        algorithm = keyId = "";
        if (!Base64UrlText.TryDecode(text, out var bytes))
            return JwtStatus.JwtHeaderParseErrorBadBase64;
        if (!TokenJson.TryParseObject(bytes, allowTrailingCommas: false, out var fields))
            return JwtStatus.JwtHeaderParseErrorBadJson;
        if (fields.Field("alg") is not { Kind: MetadataKind.Text } alg)
            return JwtStatus.JwtHeaderBadAlg;
        if (!SignatureAlgorithm.IsImplemented(alg.Text))
            return JwtStatus.JwtHeaderNotImplementedAlg;
        var kid = fields.Field("kid");
        if (kid is not null and not { Kind: MetadataKind.Text })
            return JwtStatus.JwtHeaderBadKid;
        // RFC 7515 section 4.1.11: an extension that must be understood and is not makes the token invalid.
        if (fields.Field("crit") is not null)
            return JwtStatus.JwtVerificationFail;
        header = fields;
        algorithm = alg.Text;
        keyId = kid?.Text ?? "";
        return JwtStatus.Ok;
    }
}
