using System.Security.Cryptography;
using System.Text;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tokens;

/// <summary>Reads key sets. A key that cannot be used is left out; if none is left, the set has the status of the first that failed.</summary>
internal sealed class KeySetReader(IKeyFactory factory)
{
    /// <summary>Longest key set in characters.</summary>
    internal const int MaxLength = 512 * 1024;

    /// <summary>Most keys of a set: a token without <c>kid</c> is tried with all of them.</summary>
    internal const int MaxKeys = 100;

    private const string CertificateStart = "-----BEGIN CERTIFICATE-----\n";
    private const string CertificateEnd = "\n-----END CERTIFICATE-----\n";

    private readonly List<SigningKey> _keys = [];

    internal KeySet ReadJson(string text)
    {
        if (text.Length > MaxLength || !TryUtf8(text, out var bytes) || !TokenJson.TryParseObject(bytes, allowTrailingCommas: true, out var set))
            return Failed(JwtStatus.JwksParseError);
        if (set.Field("keys") is not { } keys)
            return ReadCertificates(set);
        if (keys.Kind != MetadataKind.List || keys.Items.Count > MaxKeys)
            return Failed(JwtStatus.JwksBadKeys);

        var firstFailure = JwtStatus.Ok;
        foreach (var key in keys.Items)
        {
            if (key.Kind != MetadataKind.Struct)
                continue;
            var status = Add(key);
            if (firstFailure == JwtStatus.Ok)
                firstFailure = status;
        }

        if (_keys.Count > 0)
            return new KeySet(JwtStatus.Ok, _keys);
        return Failed(firstFailure == JwtStatus.Ok ? JwtStatus.JwksNoValidKeys : firstFailure);
    }

    internal KeySet ReadPem(string text)
    {
        if (text.Length > MaxLength || !PemEncoding.TryFind(text, out var pem) || text[pem.Label] != "PUBLIC KEY")
            return Failed(JwtStatus.JwksPemBadBase64);
        var der = Convert.FromBase64String(text[pem.Base64Data]);
        var status = factory.TryCreate(new KeyMaterial(KeyMaterialKind.SubjectPublicKeyInfo, der), out var verifier);
        if (verifier is null)
            return Failed(status == JwtStatus.JwksPemNotImplementedKty ? status : JwtStatus.JwksPemBadBase64);
        return new KeySet(JwtStatus.Ok, [new SigningKey(verifier)]);
    }

    private static KeySet Failed(JwtStatus status) => new(status, []);

    private static bool TryUtf8(string text, out byte[] bytes)
    {
        try
        {
            bytes = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetBytes(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            bytes = [];
            return false;
        }
    }

    /// <summary>Without <c>keys</c> the set may still be a map of identifiers to certificates.</summary>
    private KeySet ReadCertificates(MetadataValue set)
    {
        if (set.Fields.Count is 0 or > MaxKeys)
            return Failed(JwtStatus.JwksNoKeys);
        foreach (var (id, value) in set.Fields)
        {
            if (id.Length == 0 || value.Kind != MetadataKind.Text
                || !value.Text.StartsWith(CertificateStart, StringComparison.Ordinal) || !value.Text.EndsWith(CertificateEnd, StringComparison.Ordinal))
            {
                return Failed(JwtStatus.JwksNoKeys);
            }
        }

        foreach (var (id, value) in set.Fields)
        {
            if (!PemEncoding.TryFind(value.Text, out var pem))
                return Failed(JwtStatus.JwksX509ParseError);
            var status = factory.TryCreate(new KeyMaterial(KeyMaterialKind.Certificate, Convert.FromBase64String(value.Text[pem.Base64Data])), out var verifier);
            if (verifier is null)
                return Failed(status == JwtStatus.JwksPemNotImplementedKty ? JwtStatus.JwksX509GetPubkeyError : JwtStatus.JwksX509ParseError);
            _keys.Add(new SigningKey(verifier, id));
        }

        return new KeySet(JwtStatus.Ok, _keys);
    }

    private JwtStatus Add(MetadataValue fields)
    {
        var status = new KeyReader(fields).Read(out var material, out var algorithm);
        if (material is null)
            return status;
        if (factory.TryCreate(material, out var verifier) != JwtStatus.Ok)
        {
            return material.Kind switch
            {
                KeyMaterialKind.Rsa => JwtStatus.JwksRsaParseError,
                KeyMaterialKind.EllipticCurve => JwtStatus.JwksEcParseError,
                KeyMaterialKind.Ed25519 => JwtStatus.JwksOKPXWrongLength,
                _ => JwtStatus.JwksOctBadBase64,
            };
        }

        _keys.Add(new SigningKey(verifier!, fields.Field("kid")?.Text ?? "", algorithm));
        return JwtStatus.Ok;
    }
}
