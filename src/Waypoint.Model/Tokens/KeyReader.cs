using Waypoint.Model.Matching;

namespace Waypoint.Model.Tokens;

/// <summary>Reads one key of a key set (RFC 7517, RFC 7518 section 6, RFC 8037).</summary>
internal readonly ref struct KeyReader(MetadataValue fields)
{
    /// <summary>Longest modulus in bytes (8,192 bits): a longer one costs more per token than any issuer needs.</summary>
    private const int MaxModulusBytes = 1024;

    private const int MaxSecretBytes = 4096;
    private const int Ed25519KeyLength = 32;

    /// <summary>The key's numbers, or why there are none.</summary>
    internal JwtStatus Read(out KeyMaterial? material, out string algorithm)
    {
        material = null;
        algorithm = fields.Field("alg")?.Text ?? "";
        if (!IsForSignatures())
            return JwtStatus.JwksNoValidKeys;
        return fields.Field("kty") switch
        {
            null => JwtStatus.JwksMissingKty,
            not { Kind: MetadataKind.Text } => JwtStatus.JwksBadKty,
            { Text: "EC" } => ReadEllipticCurve(algorithm, out material),
            { Text: "RSA" } => ReadRsa(algorithm, out material),
            { Text: "oct" } => ReadSecret(algorithm, out material),
            { Text: "OKP" } => ReadEd25519(algorithm, out material),
            _ => JwtStatus.JwksNotImplementedKty,
        };
    }

    /// <summary>RFC 7517 sections 4.2 and 4.3: a key that its issuer keeps for encryption signs nothing.</summary>
    private bool IsForSignatures()
    {
        if (fields.Field("use") is { Kind: MetadataKind.Text } use && use.Text != "sig")
            return false;
        if (fields.Field("key_ops") is not { Kind: MetadataKind.List } operations)
            return true;
        foreach (var operation in operations.Items)
        {
            if (operation.Text == "verify")
                return true;
        }

        return false;
    }

    private JwtStatus ReadRsa(string algorithm, out KeyMaterial? material)
    {
        material = null;
        if (algorithm.Length > 0 && !algorithm.StartsWith("RS", StringComparison.Ordinal) && !algorithm.StartsWith("PS", StringComparison.Ordinal))
            return JwtStatus.JwksRSAKeyBadAlg;
        var status = Text("n", JwtStatus.JwksRSAKeyMissingN, JwtStatus.JwksRSAKeyBadN, out var n);
        if (status != JwtStatus.Ok)
            return status;
        status = Text("e", JwtStatus.JwksRSAKeyMissingE, JwtStatus.JwksRSAKeyBadE, out var e);
        if (status != JwtStatus.Ok)
            return status;
        if (!Base64UrlText.TryDecode(n, out var modulus, allowStrayBits: true) || !Base64UrlText.TryDecode(e, out var exponent, allowStrayBits: true))
            return JwtStatus.JwksRsaParseError;
        modulus = modulus.AsSpan().TrimStart((byte)0).ToArray();
        exponent = exponent.AsSpan().TrimStart((byte)0).ToArray();
        // Any other exponent is no key that people use, and a large one makes verifying slow.
        if (exponent is not ([3] or [1, 0, 1]) || modulus.Length is 0 or > MaxModulusBytes)
            return JwtStatus.JwksRsaParseError;
        material = new KeyMaterial(KeyMaterialKind.Rsa, modulus, exponent);
        return JwtStatus.Ok;
    }

    private JwtStatus ReadEllipticCurve(string algorithm, out KeyMaterial? material)
    {
        material = null;
        if (algorithm.Length > 0 && !algorithm.StartsWith("ES", StringComparison.Ordinal))
            return JwtStatus.JwksECKeyBadAlg;
        var named = fields.Field("crv");
        if (named is not null and not { Kind: MetadataKind.Text })
            return JwtStatus.JwksECKeyBadCrv;
        var curveOfAlgorithm = algorithm switch
        {
            "ES256" => "P-256",
            "ES384" => "P-384",
            "ES512" => "P-521",
            _ => "",
        };
        var curve = named?.Text ?? "";
        if (algorithm.Length > 0 && curve.Length > 0 && curve != curveOfAlgorithm)
            return JwtStatus.JwksECKeyAlgNotCompatibleWithCrv;
        if (curve.Length == 0)
            curve = algorithm.Length == 0 ? "P-256" : curveOfAlgorithm;
        var width = curve switch
        {
            "P-256" => 32,
            "P-384" => 48,
            "P-521" => 66,
            _ => 0,
        };
        if (width == 0)
            return JwtStatus.JwksECKeyAlgOrCrvUnsupported;

        var status = Text("x", JwtStatus.JwksECKeyMissingX, JwtStatus.JwksECKeyBadX, out var xText);
        if (status != JwtStatus.Ok)
            return status;
        status = Text("y", JwtStatus.JwksECKeyMissingY, JwtStatus.JwksECKeyBadY, out var yText);
        if (status != JwtStatus.Ok)
            return status;
        if (!Base64UrlText.TryDecode(xText, out var x, allowStrayBits: true) || !Base64UrlText.TryDecode(yText, out var y, allowStrayBits: true))
            return JwtStatus.JwksEcXorYBadBase64;
        if (!TryWiden(x, width, out x) || !TryWiden(y, width, out y))
            return JwtStatus.JwksEcParseError;
        material = new KeyMaterial(KeyMaterialKind.EllipticCurve, x, y, curve);
        return JwtStatus.Ok;
    }

    private JwtStatus ReadSecret(string algorithm, out KeyMaterial? material)
    {
        material = null;
        if (algorithm is not ("" or "HS256" or "HS384" or "HS512"))
            return JwtStatus.JwksHMACKeyBadAlg;
        var status = Text("k", JwtStatus.JwksHMACKeyMissingK, JwtStatus.JwksHMACKeyBadK, out var k);
        if (status != JwtStatus.Ok)
            return status;
        if (!Base64UrlText.TryDecode(k, out var secret, allowStrayBits: true) || secret.Length is 0 or > MaxSecretBytes)
            return JwtStatus.JwksOctBadBase64;
        material = new KeyMaterial(KeyMaterialKind.Secret, secret);
        return JwtStatus.Ok;
    }

    private JwtStatus ReadEd25519(string algorithm, out KeyMaterial? material)
    {
        material = null;
        if (algorithm.Length > 0 && algorithm != SignatureAlgorithm.EdDsa)
            return JwtStatus.JwksOKPKeyBadAlg;
        var status = Text("crv", JwtStatus.JwksOKPKeyMissingCrv, JwtStatus.JwksOKPKeyBadCrv, out var curve);
        if (status != JwtStatus.Ok)
            return status;
        if (curve != "Ed25519")
            return JwtStatus.JwksOKPKeyCrvUnsupported;
        status = Text("x", JwtStatus.JwksOKPKeyMissingX, JwtStatus.JwksOKPKeyBadX, out var x);
        if (status != JwtStatus.Ok)
            return status;
        if (!Base64UrlText.TryDecode(x, out var key, allowStrayBits: true))
            return JwtStatus.JwksOKPXBadBase64;
        if (key.Length != Ed25519KeyLength)
            return JwtStatus.JwksOKPXWrongLength;
        material = new KeyMaterial(KeyMaterialKind.Ed25519, key);
        return JwtStatus.Ok;
    }

    private JwtStatus Text(string name, JwtStatus missing, JwtStatus wrong, out string text)
    {
        var value = fields.Field(name);
        text = value?.Text ?? "";
        return value is null ? missing : value.Kind == MetadataKind.Text ? JwtStatus.Ok : wrong;
    }

    /// <summary>The number with as many bytes as the curve's coordinates have; false if it does not fit.</summary>
    private static bool TryWiden(byte[] number, int width, out byte[] widened)
    {
        var bare = number.AsSpan().TrimStart((byte)0);
        widened = new byte[width];
        if (bare.Length > width)
            return false;
        bare.CopyTo(widened.AsSpan(width - bare.Length));
        return true;
    }
}
