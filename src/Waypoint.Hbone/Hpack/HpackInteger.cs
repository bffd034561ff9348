namespace Waypoint.Hbone.Hpack;

/// <summary>HPACK's prefixed integers (RFC 7541, section 5.1).</summary>
internal static class HpackInteger
{
    // Nothing that HPACK counts may reach it here; anything above is an attack or an error.
    private const int MaxValue = 1 << 24;

    /// <summary>Reads an integer that starts in the low <paramref name="prefixBits"/> of the first byte; false when it is cut off or too large.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> data, int prefixBits, out int value)
    {
        value = 0;
        if (data.IsEmpty)
            return false;
        int mask = (1 << prefixBits) - 1;
        value = data[0] & mask;
        if (value < mask)
        {
            data = data[1..];
            return true;
        }
        // Four continuation bytes hold 28 bits, more than MaxValue; a fifth could only be padding or overflow.
        for (int i = 1, shift = 0; i < data.Length && i <= 4; i++, shift += 7)
        {
            value += (data[i] & 0x7f) << shift;
            if (value > MaxValue)
                return false;
            if ((data[i] & 0x80) == 0)
            {
                data = data[(i + 1)..];
                return true;
            }
        }
        return false;
    }

    /// <summary>Writes <paramref name="value"/> behind the bits <paramref name="first"/> of its first byte; returns the bytes written, at most 5.</summary>
    public static int Write(Span<byte> destination, byte first, int prefixBits, int value)
    {
        int mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            destination[0] = (byte)(first | value);
            return 1;
        }
        destination[0] = (byte)(first | mask);
        value -= mask;
        int written = 1;
        for (; value >= 0x80; value >>= 7)
            destination[written++] = (byte)(0x80 | (value & 0x7f));
        destination[written++] = (byte)value;
        return written;
    }
}
