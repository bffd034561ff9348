using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tls;

/// <summary>Reads the identity out of a certificate.</summary>
internal static class SpiffeCertificate
{
    private const string SubjectAlternativeName = "2.5.29.17";

    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>The identity of a certificate that has exactly one URI among its alternative names, and that is a SPIFFE id; else says why not.</summary>
    public static bool TryReadId(X509Certificate2 certificate, [NotNullWhen(true)] out SpiffeId? id, out string problem)
    {
        id = null;
        string? uri = null;
        try
        {
            foreach (X509Extension extension in certificate.Extensions)
            {
                if (extension.Oid?.Value != SubjectAlternativeName)
                    continue;
                AsnReader names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (!names.PeekTag().HasSameClassAndValue(UriTag))
                    {
                        names.ReadEncodedValue();
                        continue;
                    }
                    if (uri is not null)
                    {
                        problem = "the certificate has more than one URI among its subject alternative names";
                        return false;
                    }
                    uri = names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
                }
            }
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            problem = "the subject alternative names of the certificate cannot be read";
            return false;
        }
        problem = uri is null ? "the certificate has no URI among its subject alternative names" : "the URI of the certificate is not a SPIFFE identity";
        return SpiffeId.TryParse(uri, out id);
    }
}
