namespace Waypoint.Proxy.Wire;

/// <summary>Reads the lines of a head in every form that is accepted: line ends without carriage return, folded values, carriage returns within values. What is made of them is written
/// anew, so that nobody behind us has to know these forms.</summary>
internal static class HeadText
{
    /// <summary>Reads header or trailer lines up to the blank line. Null if all are well formed.</summary>
    /// <param name="bytes">The lines with the blank one.</param>
    /// <param name="lines">Takes the lines.</param>
    public static WireFault? ReadLines(ReadOnlySpan<byte> bytes, List<HeaderLine> lines)
    {
        while (true)
        {
            ReadOnlySpan<byte> line = TakeLine(ref bytes);
            if (line.IsEmpty)
            {
                return null;
            }

            if (line[0] is (byte)' ' or (byte)'\t')
            {
                // A continuation of nothing.
                return WireFault.HeaderFormat;
            }

            int colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                return WireFault.HeaderFormat;
            }

            ReadOnlySpan<byte> name = line[..colon];
            if (name.ContainsAnyExcept(Http1Chars.Token))
            {
                return WireFault.HeaderName;
            }

            byte[] value = ReadValue(line[(colon + 1)..], ref bytes);
            if (value.AsSpan().ContainsAny(Http1Chars.NotInValue))
            {
                return WireFault.HeaderValue;
            }

            lines.Add(new HeaderLine(name.ToArray(), value));
        }
    }

    /// <summary>Takes the next line without its end; the end is a line feed with or without a carriage return before it.</summary>
    public static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? bytes : bytes[..end];
        bytes = end < 0 ? default : bytes[(end + 1)..];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    /// <summary>The value with its continuations: the line break goes, the white space stays; carriage returns go.</summary>
    private static byte[] ReadValue(scoped ReadOnlySpan<byte> first, ref ReadOnlySpan<byte> bytes)
    {
        bool plain = first.IndexOf((byte)'\r') < 0;
        if (plain && !Continues(bytes))
        {
            return HeaderKinds.Trim(first).ToArray();
        }

        var value = new List<byte>(first.Length);
        AddWithoutReturns(value, first);
        while (Continues(bytes))
        {
            AddWithoutReturns(value, TakeLine(ref bytes));
        }

        return HeaderKinds.Trim(value.ToArray()).ToArray();
    }

    private static bool Continues(ReadOnlySpan<byte> bytes) => bytes is [(byte)' ' or (byte)'\t', ..];

    private static void AddWithoutReturns(List<byte> value, ReadOnlySpan<byte> line)
    {
        foreach (byte next in line)
        {
            if (next != '\r')
            {
                value.Add(next);
            }
        }
    }
}
