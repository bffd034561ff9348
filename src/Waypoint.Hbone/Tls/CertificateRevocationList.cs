using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Waypoint.Hbone.Tls;

/// <summary>One X.509 revocation list (RFC 5280, 5). Read here because the platform checks revocation only against lists that it fetches itself. Immutable.</summary>
public sealed class CertificateRevocationList
{
    private const int MaxEntries = 1_000_000;

    private readonly byte[] _issuer;
    private readonly byte[] _signedPart;
    private readonly byte[] _signature;
    private readonly string _algorithm;
    private readonly HashSet<BigInteger> _revoked;

    private CertificateRevocationList(byte[] issuer, byte[] signedPart, byte[] signature, string algorithm, DateTimeOffset thisUpdate, DateTimeOffset? nextUpdate, HashSet<BigInteger> revoked)
    {
        _issuer = issuer;
        _signedPart = signedPart;
        _signature = signature;
        _algorithm = algorithm;
        ThisUpdate = thisUpdate;
        NextUpdate = nextUpdate;
        _revoked = revoked;
    }

    /// <summary>When it was issued.</summary>
    public DateTimeOffset ThisUpdate { get; }

    /// <summary>When the next one is due: this one says nothing afterwards. Null: never.</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <summary>Reads all lists of a PEM text. Throws <see cref="CryptographicException"/> if one cannot be read, or there is none.</summary>
    public static IReadOnlyList<CertificateRevocationList> ReadPem(string pem)
    {
        var lists = new List<CertificateRevocationList>();
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            if (rest[fields.Label] is "X509 CRL")
            {
                byte[] der = Convert.FromBase64String(rest[fields.Base64Data].ToString());
                lists.Add(Read(der));
            }

            rest = rest[fields.Location.End..];
        }

        return lists.Count > 0 ? lists : throw new CryptographicException("there is no X509 CRL in PEM form");
    }

    /// <summary>Reads one list. Throws <see cref="CryptographicException"/>.</summary>
    public static CertificateRevocationList Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            AsnReader outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            byte[] signedPart = outer.PeekEncodedValue().ToArray();
            AsnReader list = outer.ReadSequence();
            string algorithm = outer.ReadSequence().ReadObjectIdentifier();
            byte[] signature = outer.ReadBitString(out _);
            outer.ThrowIfNotEmpty();

            if (list.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
            {
                list.ReadInteger();
            }

            list.ReadSequence();
            byte[] issuer = list.ReadEncodedValue().ToArray();
            DateTimeOffset thisUpdate = ReadTime(list);
            DateTimeOffset? nextUpdate = IsTime(list) ? ReadTime(list) : null;
            return new CertificateRevocationList(issuer, signedPart, signature, algorithm, thisUpdate, nextUpdate, ReadEntries(list));
        }
        catch (Exception failure) when (failure is AsnContentException or FormatException)
        {
            throw new CryptographicException("it is no X.509 revocation list", failure);
        }
    }

    /// <summary>True if this list is about certificates that <paramref name="authority"/> issued, by its name.</summary>
    public bool IsOf(X509Certificate2 authority) => authority.SubjectName.RawData.AsSpan().SequenceEqual(_issuer);

    /// <summary>True if <paramref name="authority"/> has signed it.</summary>
    public bool IsSignedBy(X509Certificate2 authority)
    {
        try
        {
            if (HashOf(_algorithm) is not { } hash)
            {
                return false;
            }

            using ECDsa? curve = authority.GetECDsaPublicKey();
            if (curve is not null)
            {
                return curve.VerifyData(_signedPart, _signature, hash, DSASignatureFormat.Rfc3279DerSequence);
            }

            using RSA? rsa = authority.GetRSAPublicKey();
            return rsa?.VerifyData(_signedPart, _signature, hash, RSASignaturePadding.Pkcs1) ?? false;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>True if it lists the certificate.</summary>
    public bool Revokes(X509Certificate2 certificate) => _revoked.Contains(new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true));

    private static HashSet<BigInteger> ReadEntries(AsnReader list)
    {
        var revoked = new HashSet<BigInteger>();
        if (!list.HasData || !list.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            return revoked;
        }

        AsnReader entries = list.ReadSequence();
        while (entries.HasData)
        {
            if (revoked.Count >= MaxEntries)
            {
                throw new CryptographicException($"it has more than {MaxEntries} entries");
            }

            revoked.Add(entries.ReadSequence().ReadInteger());
        }

        return revoked;
    }

    private static bool IsTime(AsnReader reader) =>
        reader.HasData && (reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) || reader.PeekTag().HasSameClassAndValue(Asn1Tag.GeneralizedTime));

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static HashAlgorithmName? HashOf(string algorithm) => algorithm switch
    {
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        // RSA-PSS carries its hash in parameters, and nobody signs lists so; SHA-1 proves nothing.
        _ => null,
    };
}
