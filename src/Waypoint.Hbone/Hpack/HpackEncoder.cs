using System.Globalization;
using System.Text;

namespace Waypoint.Hbone.Hpack;

/// <summary>Writes header fields as raw literals that no table remembers. A CONNECT has few fields, so a table would save bytes that TLS and the kernel do not count,
/// at the price of state per connection.</summary>
internal static class HpackEncoder
{
    /// <summary>Bytes that a field needs at most.</summary>
    public static int MaxEncodedLength(string name, string value) => name.Length + value.Length + 11;

    /// <summary>Writes <c>:status</c>; the common answers take one byte.</summary>
    public static int WriteStatus(Span<byte> destination, int status)
    {
        int index = status switch { 200 => 8, 204 => 9, 206 => 10, 304 => 11, 400 => 12, 404 => 13, 500 => 14, _ => 0 };
        if (index != 0)
        {
            destination[0] = (byte)(0x80 | index);
            return 1;
        }
        int written = HpackInteger.Write(destination, 0, 4, HpackStaticTable.Status);
        return written + WriteString(destination[written..], status.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Writes a field whose name stands in the static table.</summary>
    public static int WriteIndexedName(Span<byte> destination, int nameIndex, string value)
    {
        int written = HpackInteger.Write(destination, 0, 4, nameIndex);
        return written + WriteString(destination[written..], value);
    }

    /// <summary>Writes a field with a literal name in lower case.</summary>
    public static int Write(Span<byte> destination, string name, string value)
    {
        destination[0] = 0;
        int written = 1 + WriteString(destination[1..], name);
        return written + WriteString(destination[written..], value);
    }

    private static int WriteString(Span<byte> destination, string text)
    {
        int written = HpackInteger.Write(destination, 0, 7, text.Length);
        return written + Encoding.Latin1.GetBytes(text, destination[written..]);
    }
}
