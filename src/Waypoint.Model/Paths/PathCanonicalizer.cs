using System.Buffers;
using System.Text;

namespace Waypoint.Model.Paths;

/// <summary>The canonical form of a path, as the URL library that Envoy is built with makes it: dot segments resolved (also written as <c>%2e</c>), backslashes turned
/// into slashes, unreserved characters unescaped, everything that may not stand in a path escaped. Other escapes keep their spelling; repeated slashes stay.</summary>
internal static class PathCanonicalizer
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static readonly SearchValues<char> UnreservedSet = SearchValues.Create(Unreserved);
    private static readonly SearchValues<char> AllowedSet = SearchValues.Create(Unreserved + "/!$&'()*+,:;=@[]");

    /// <summary>Writes the canonical form of <paramref name="path"/>.</summary>
    /// <param name="path">A path without query.</param>
    /// <param name="output">Room for nine characters per character, and one more.</param>
    /// <param name="length">Characters written.</param>
    /// <returns>False if the path holds a NUL, escaped or not.</returns>
    public static bool TryCanonicalize(ReadOnlySpan<char> path, Span<char> output, out int length)
    {
        length = 0;
        if (path.Length == 0 || path[0] is not ('/' or '\\'))
            output[length++] = '/';
        int i = 0;
        while (i < path.Length)
        {
            char c = path[i];
            int dot = DotLength(path[i..]);
            if (dot > 0)
            {
                i += dot;
                if (output[length - 1] == '/')
                    i += AfterDot(path[i..], output, ref length);
                else
                    output[length++] = '.';
            }
            else if (c == '\\')
            {
                output[length++] = '/';
                i++;
            }
            else if (c == '%')
            {
                if (!TryEscape(path, ref i, output, ref length))
                    return false;
            }
            else if (AllowedSet.Contains(c))
            {
                output[length++] = c;
                i++;
            }
            else if (c == '\0')
            {
                return false;
            }
            else
            {
                i += Escape(path[i..], output, ref length);
            }
        }

        return true;
    }

    /// <summary>Length of a dot at the start, plain or escaped; 0 if there is none.</summary>
    private static int DotLength(ReadOnlySpan<char> path)
    {
        if (path.Length == 0)
            return 0;
        if (path[0] == '.')
            return 1;
        return path.Length >= 3 && path[0] == '%' && path[1] == '2' && path[2] is 'e' or 'E' ? 3 : 0;
    }

    /// <summary>A dot came right after a slash: resolves <c>.</c> and <c>..</c>, else writes it.</summary>
    /// <returns>How much of <paramref name="rest"/>, which starts behind the dot, was used.</returns>
    private static int AfterDot(ReadOnlySpan<char> rest, Span<char> output, ref int length)
    {
        if (rest.Length == 0)
            return 0;
        if (rest[0] is '/' or '\\')
            return 1;
        int dot = DotLength(rest);
        if (dot > 0 && (rest.Length == dot || rest[dot] is '/' or '\\'))
        {
            // The slash at the end stays, what stands between it and the one before goes; above the root there is nothing.
            if (length > 1)
                length = output[..(length - 1)].LastIndexOf('/') + 1;
            return rest.Length == dot ? dot : dot + 1;
        }

        output[length++] = '.';
        return 0;
    }

    private static bool TryEscape(ReadOnlySpan<char> path, ref int i, Span<char> output, ref int length)
    {
        if (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2]))
        {
            output[length++] = '%';
            i++;
            return true;
        }

        char value = (char)(HexValue(path[i + 1]) * 16 + HexValue(path[i + 2]));
        if (value == '\0')
            return false;
        if (UnreservedSet.Contains(value))
        {
            output[length++] = value;
        }
        else
        {
            path.Slice(i, 3).CopyTo(output[length..]);
            length += 3;
        }

        i += 3;
        return true;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static int Escape(ReadOnlySpan<char> path, Span<char> output, ref int length)
    {
        _ = Rune.DecodeFromUtf16(path, out Rune rune, out int consumed);
        Span<byte> bytes = stackalloc byte[4];
        int count = rune.EncodeToUtf8(bytes);
        foreach (byte b in bytes[..count])
        {
            output[length] = '%';
            output[length + 1] = "0123456789ABCDEF"[b >> 4];
            output[length + 2] = "0123456789ABCDEF"[b & 15];
            length += 3;
        }

        return consumed;
    }
}
