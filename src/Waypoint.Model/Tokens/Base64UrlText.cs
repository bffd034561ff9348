using System.Diagnostics.CodeAnalysis;

namespace Waypoint.Model.Tokens;

/// <summary>Strict base64url (RFC 4648 section 5): no white space, no other alphabet, no bits left over; padding may be there if it is right. The platform's decoder
/// passes over white space and stray bits, which would give one signature many spellings.</summary>
internal static class Base64UrlText
{
    /// <summary>Decodes <paramref name="text"/>; false if it is not exactly base64url.</summary>
    /// <param name="text">With or without padding.</param>
    /// <param name="bytes">What it stands for.</param>
    /// <param name="allowStrayBits">Bits of the last character that belong to no byte may be set: some issuers write their keys so.</param>
    internal static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes, bool allowStrayBits = false)
    {
        bytes = null;
        if (!TryTrimPadding(ref text))
            return false;
        var rest = text.Length % 4;
        if (rest == 1)
            return false;
        var result = new byte[text.Length / 4 * 3 + (rest == 0 ? 0 : rest - 1)];
        var at = 0;
        var bits = 0;
        var held = 0;
        foreach (var c in text)
        {
            var value = ValueOf(c);
            if (value < 0)
                return false;
            bits = (bits << 6) | value;
            held += 6;
            if (held >= 8)
            {
                held -= 8;
                result[at++] = (byte)(bits >> held);
                bits &= (1 << held) - 1;
            }
        }

        if (bits != 0 && !allowStrayBits)
            return false;
        bytes = result;
        return true;
    }

    private static bool TryTrimPadding(ref ReadOnlySpan<char> text)
    {
        var trimmed = text.TrimEnd('=');
        var padding = text.Length - trimmed.Length;
        if (padding > 0 && (padding > 2 || text.Length % 4 != 0))
            return false;
        text = trimmed;
        return true;
    }

    private static int ValueOf(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '-' => 62,
        '_' => 63,
        _ => -1,
    };
}
