using System.Formats.Asn1;

namespace Waypoint.ControlPlane.Certificates;

/// <summary>Reads the one kind of name that the framework's own extension class does not give: URIs.</summary>
internal static class SubjectAlternativeNames
{
    public const string Oid = "2.5.29.17";

    private const int UriTag = 6;

    /// <summary>The first URI of the extension, or null.</summary>
    public static string? FirstUri(ReadOnlyMemory<byte> extension)
    {
        try
        {
            var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                var tag = names.PeekTag();
                if (tag.HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, UriTag)))
                    return names.ReadCharacterString(UniversalTagNumber.IA5String, new Asn1Tag(TagClass.ContextSpecific, UriTag));
                names.ReadEncodedValue();
            }
        }
        catch (AsnContentException)
        {
            // Not names at all: nothing is asked for.
        }
        return null;
    }
}
