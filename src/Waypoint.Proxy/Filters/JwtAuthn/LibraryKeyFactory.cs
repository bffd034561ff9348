using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;
using Waypoint.Model.Tokens;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>Makes keys that verify with Microsoft.IdentityModel.Tokens (RSA, EC), the platform's keyed hashes, and BouncyCastle for Ed25519, which neither has.</summary>
internal sealed class LibraryKeyFactory : IKeyFactory
{
    private const int MinRsaBits = 1024;
    private const int Ed25519KeyBytes = 32;
    private const string Ed25519Oid = "1.3.101.112";
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string EllipticCurveOid = "1.2.840.10045.2.1";

    /// <summary>There is nothing in it that could differ.</summary>
    public static LibraryKeyFactory Instance { get; } = new();

    public JwtStatus TryCreate(KeyMaterial material, [NotNullWhen(true)] out KeyVerifier? verifier)
    {
        verifier = null;
        try
        {
            verifier = Create(material);
            return verifier is null ? JwtStatus.JwksPemNotImplementedKty : JwtStatus.Ok;
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException or AsnContentException or PlatformNotSupportedException)
        {
            // Numbers that are no key: a point that is not on the curve, a modulus of nothing.
            return JwtStatus.JwksNoValidKeys;
        }
    }

    private static KeyVerifier? Create(KeyMaterial material) => material.Kind switch
    {
        KeyMaterialKind.Rsa => Rsa(new RSAParameters { Modulus = material.First.ToArray(), Exponent = material.Second.ToArray() }),
        KeyMaterialKind.EllipticCurve => EllipticCurve(ECDsa.Create(new ECParameters
        {
            Curve = CurveOf(material.Curve),
            Q = new ECPoint { X = material.First.ToArray(), Y = material.Second.ToArray() },
        })),
        KeyMaterialKind.Ed25519 => Ed25519(material.First.ToArray()),
        KeyMaterialKind.Secret => new HmacVerifier(material.First),
        KeyMaterialKind.SubjectPublicKeyInfo => OfPublicKey(PublicKey.CreateFromSubjectPublicKeyInfo(material.First.Span, out _)),
        KeyMaterialKind.Certificate => OfCertificate(material),
        _ => null,
    };

    private static LibraryVerifier? OfCertificate(KeyMaterial material)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(material.First.Span);
        using RSA? rsa = certificate.GetRSAPublicKey();
        return rsa is null ? null : Rsa(rsa.ExportParameters(includePrivateParameters: false));
    }

    private static KeyVerifier? OfPublicKey(PublicKey key)
    {
        switch (key.Oid.Value)
        {
            case RsaOid:
                using (RSA? rsa = key.GetRSAPublicKey())
                {
                    return rsa is null ? null : Rsa(rsa.ExportParameters(includePrivateParameters: false));
                }

            case EllipticCurveOid:
                return key.GetECDsaPublicKey() is { } ec ? EllipticCurve(ec) : null;
            case Ed25519Oid:
                return Ed25519(key.EncodedKeyValue.RawData);
            default:
                return null;
        }
    }

    private static LibraryVerifier Rsa(RSAParameters parameters)
    {
        if (parameters.Modulus!.Length * 8 < MinRsaBits)
        {
            throw new CryptographicException("The modulus is too short.");
        }

        return new LibraryVerifier("RSA", "", new RsaSecurityKey(parameters));
    }

    private static Ed25519Verifier Ed25519(byte[] key) =>
        key.Length == Ed25519KeyBytes ? new Ed25519Verifier(key) : throw new CryptographicException("The key has another length.");

    private static LibraryVerifier EllipticCurve(ECDsa key)
    {
        string curve = key.KeySize switch
        {
            256 => "P-256",
            384 => "P-384",
            521 => "P-521",
            _ => throw new CryptographicException("The curve is not supported."),
        };
        return new LibraryVerifier("EC", curve, new ECDsaSecurityKey(key));
    }

    private static ECCurve CurveOf(string name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        _ => ECCurve.NamedCurves.nistP521,
    };
}
