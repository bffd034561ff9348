using System.Buffers;

namespace Waypoint.Proxy.Wire;

/// <summary>Writes heads in their canonical form.</summary>
internal sealed class HeadWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Adds bytes as they are.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>Adds header lines and the blank line that ends them.</summary>
    public void Add(IReadOnlyList<HeaderLine> lines)
    {
        foreach (HeaderLine line in lines)
        {
            Add(line.Name);
            Add(": "u8);
            Add(line.Value);
            Add("\r\n"u8);
        }

        Add("\r\n"u8);
    }

    /// <summary>What was added.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
