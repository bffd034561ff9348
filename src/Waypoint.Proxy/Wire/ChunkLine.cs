using System.Buffers;
using System.Buffers.Text;

namespace Waypoint.Proxy.Wire;

/// <summary>Reads the line in front of a chunk: its size in hexadecimal digits, and an extension that nobody needs.</summary>
internal static class ChunkLine
{
    /// <summary>Longest line; extensions have no use that would need more.</summary>
    public const int MaxBytes = 4096;

    // 15 digits always fit a long.
    private const int MaxDigits = 15;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Reads a line without its line feed. Null if it is well formed.</summary>
    /// <param name="line">The line, with its carriage return.</param>
    /// <param name="allowLoneReturn">Passes over carriage returns within the extension.</param>
    /// <param name="size">Bytes of the chunk; zero ends the body.</param>
    /// <param name="isPlain">True if there is nothing but digits, so that everybody reads the line alike.</param>
    public static WireFault? Read(ReadOnlySpan<byte> line, bool allowLoneReturn, out long size, out bool isPlain)
    {
        size = 0;
        isPlain = false;
        // A line feed alone does not end it: servers disagree, and chunks are where that matters.
        if (line is not [.., (byte)'\r'])
        {
            return WireFault.ChunkSize;
        }

        line = line[..^1];
        int digits = line.IndexOfAnyExcept(HexDigits);
        digits = digits < 0 ? line.Length : digits;
        if (digits is 0 or > MaxDigits || !Utf8Parser.TryParse(line[..digits], out size, out _, 'x'))
        {
            return WireFault.ChunkSize;
        }

        ReadOnlySpan<byte> extension = line[digits..];
        isPlain = extension.IsEmpty;
        if (isPlain)
        {
            return null;
        }

        if (HeaderKinds.Trim(extension) is not [(byte)';', ..] and not [])
        {
            return WireFault.ChunkSize;
        }

        if (!extension.ContainsAny(Http1Chars.NotInValue))
        {
            return null;
        }

        return allowLoneReturn && !ContainsOtherControls(extension) ? null : WireFault.ChunkExtension;
    }

    private static bool ContainsOtherControls(ReadOnlySpan<byte> extension)
    {
        foreach (byte next in extension)
        {
            if (next != '\r' && Http1Chars.NotInValue.Contains(next))
            {
                return true;
            }
        }

        return false;
    }
}
