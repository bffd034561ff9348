namespace Waypoint.Model.Tokens;

/// <summary>What a <see cref="KeyMaterial"/> holds.</summary>
public enum KeyMaterialKind
{
    /// <summary>Modulus and exponent of an RSA key.</summary>
    Rsa,

    /// <summary>Coordinates of a point on the curve <see cref="KeyMaterial.Curve"/> (P-256, P-384 or P-521).</summary>
    EllipticCurve,

    /// <summary>The 32 bytes of an Ed25519 key.</summary>
    Ed25519,

    /// <summary>The secret of a keyed hash.</summary>
    Secret,

    /// <summary>A key of any kind in DER (<c>SubjectPublicKeyInfo</c>).</summary>
    SubjectPublicKeyInfo,

    /// <summary>An X.509 certificate in DER, of which the key counts.</summary>
    Certificate,
}
