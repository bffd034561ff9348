using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waypoint.Model.Clusters;

namespace Waypoint.Proxy.Upstream.Tls;

/// <summary>Reads the alternative names of a certificate.</summary>
internal static class SubjectNames
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag Email = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Ip = new(TagClass.ContextSpecific, 7);

    /// <summary>The names with their kinds; none if they cannot be read.</summary>
    public static IReadOnlyList<(SubjectNameKind Kind, string Name)> Of(X509Certificate2 certificate)
    {
        var names = new List<(SubjectNameKind, string)>();
        try
        {
            foreach (X509Extension extension in certificate.Extensions)
            {
                if (extension.Oid?.Value == SubjectAlternativeName)
                {
                    Read(new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence(), names);
                }
            }
        }
        catch (Exception failure) when (failure is AsnContentException or CryptographicException)
        {
            return [];
        }

        return names;
    }

    private static void Read(AsnReader reader, List<(SubjectNameKind Kind, string Name)> names)
    {
        while (reader.HasData)
        {
            Asn1Tag tag = reader.PeekTag();
            if (tag.HasSameClassAndValue(Dns))
            {
                names.Add((SubjectNameKind.Dns, reader.ReadCharacterString(UniversalTagNumber.IA5String, Dns)));
            }
            else if (tag.HasSameClassAndValue(Uri))
            {
                names.Add((SubjectNameKind.Uri, reader.ReadCharacterString(UniversalTagNumber.IA5String, Uri)));
            }
            else if (tag.HasSameClassAndValue(Email))
            {
                names.Add((SubjectNameKind.Email, reader.ReadCharacterString(UniversalTagNumber.IA5String, Email)));
            }
            else if (tag.HasSameClassAndValue(Ip))
            {
                byte[] bytes = reader.ReadOctetString(Ip);
                if (bytes.Length is 4 or 16)
                {
                    names.Add((SubjectNameKind.IpAddress, new IPAddress(bytes).ToString()));
                }
            }
            else
            {
                reader.ReadEncodedValue();
            }
        }
    }
}
