using System.Buffers.Text;
using System.Text;

namespace Waypoint.Proxy.Wire;

/// <summary>Recognises the headers that matter and reads their values.</summary>
internal static class HeaderKinds
{
    // 18 digits always fit a long.
    private const int MaxLengthDigits = 18;

    /// <summary>The kind of a header by its name in any case.</summary>
    public static HeaderKind Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when Ascii.EqualsIgnoreCase(name, "host"u8) => HeaderKind.Host,
        7 when Ascii.EqualsIgnoreCase(name, "upgrade"u8) => HeaderKind.Upgrade,
        10 when Ascii.EqualsIgnoreCase(name, "connection"u8) => HeaderKind.Connection,
        14 when Ascii.EqualsIgnoreCase(name, "content-length"u8) => HeaderKind.ContentLength,
        17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) => HeaderKind.TransferEncoding,
        _ => HeaderKind.Other,
    };

    /// <summary>Reads a length: digits only, no sign, no blank, no list.</summary>
    public static bool TryParseLength(ReadOnlySpan<byte> value, out long length)
    {
        length = 0;
        return value.Length is > 0 and <= MaxLengthDigits
            && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(value, out length, out int used)
            && used == value.Length;
    }

    /// <summary>The value without blanks and tabs around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}
