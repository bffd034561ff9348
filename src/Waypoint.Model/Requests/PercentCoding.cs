using System.Buffers;
using System.Globalization;
using System.Text;

namespace Waypoint.Model.Requests;

/// <summary>Percent-encoding of text (RFC 3986, 2.1): the parts of its UTF-8 form that may not stand for themselves become a percent sign and two hexadecimal digits.</summary>
public static class PercentCoding
{
    private static readonly SearchValues<byte> KeptInQuery =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*-._"u8);

    // What would change the meaning of a URL, or may not stand in one, stays encoded.
    private static readonly SearchValues<byte> StaysEncodedInQuery = SearchValues.Create(" \"<>\\^{|}\u007f"u8);

    /// <summary>Encodes what is not from blank to <c>}</c>, and what <paramref name="reserved"/> names (gRPC's status messages reserve the percent sign).</summary>
    public static string Encode(string value, string reserved) =>
        value.AsSpan().ContainsAnyExceptInRange(' ', '}') || value.AsSpan().ContainsAny(reserved) ? Encode(Encoding.UTF8.GetBytes(value), reserved) : value;

    /// <summary>The same for text that is encoded already.</summary>
    public static string Encode(ReadOnlySpan<byte> value, string reserved)
    {
        var encoded = new StringBuilder(value.Length + 16);
        foreach (var octet in value)
        {
            if (octet is < 0x20 or >= 0x7e || reserved.Contains((char)octet, StringComparison.Ordinal))
                AppendEncoded(encoded, octet);
            else
                encoded.Append((char)octet);
        }

        return encoded.ToString();
    }

    /// <summary>Encodes what is neither letter nor digit nor one of <c>* - . _</c>.</summary>
    public static string EncodeQueryParameter(ReadOnlySpan<byte> value)
    {
        var encoded = new StringBuilder(value.Length + 16);
        foreach (var octet in value)
        {
            if (KeptInQuery.Contains(octet))
                encoded.Append((char)octet);
            else
                AppendEncoded(encoded, octet);
        }

        return encoded.ToString();
    }

    /// <summary>Decodes every encoded octet; what is malformed stays.</summary>
    public static string Decode(ReadOnlySpan<char> value) => Decode(value, static _ => true);

    /// <summary>Decodes what may stand in a query as it is; the rest, and what is malformed, stays.</summary>
    public static string DecodeQueryParameter(ReadOnlySpan<char> value) =>
        Decode(value, static octet => octet is > 0x20 and < 0x7f && !StaysEncodedInQuery.Contains(octet));

    private static string Decode(ReadOnlySpan<char> value, Func<byte, bool> wanted)
    {
        if (!value.Contains('%'))
            return value.ToString();
        var octets = new List<byte>(value.Length);
        Span<byte> buffer = stackalloc byte[4];
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '%' && i + 2 < value.Length
                && byte.TryParse(value.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet) && wanted(octet))
            {
                octets.Add(octet);
                i += 2;
                continue;
            }

            Rune.DecodeFromUtf16(value[i..], out var rune, out var used);
            octets.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
            i += used - 1;
        }

        return Encoding.UTF8.GetString([.. octets]);
    }

    private static void AppendEncoded(StringBuilder target, byte octet) => target.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
}
