using System.Buffers.Binary;
using System.Numerics;

namespace Waypoint.Model.Hashing;

/// <summary>The 64-bit xxHash, bit for bit as published: Envoy places endpoints on rings and tables by it, and requests too, so that several proxies agree on where a key goes.</summary>
public static class XxHash64
{
    private const ulong P1 = 0x9E37_79B1_85EB_CA87, P2 = 0xC2B2_AE3D_27D4_EB4F, P3 = 0x1656_67B1_9E37_79F9, P4 = 0x85EB_CA77_C2B2_AE63, P5 = 0x27D4_EB2F_1656_67C5;

    /// <summary>Hashes bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        int length = bytes.Length;
        ulong hash = (length >= 32 ? Stripes(ref bytes, seed) : seed + P5) + (ulong)length;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            hash = BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(bytes)), 27) * P1 + P4;
        if (bytes.Length >= 4)
        {
            hash = BitOperations.RotateLeft(hash ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes) * P1, 23) * P2 + P3;
            bytes = bytes[4..];
        }

        foreach (byte value in bytes)
            hash = BitOperations.RotateLeft(hash ^ value * P5, 11) * P1;
        hash = (hash ^ hash >> 33) * P2;
        hash = (hash ^ hash >> 29) * P3;
        return hash ^ hash >> 32;
    }

    /// <summary>Hashes a text that holds one byte per character, as header values do.</summary>
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 0)
    {
        using var bytes = new ByteText(text, stackalloc byte[ByteText.OnStack]);
        return Of(bytes.Span, seed);
    }

    private static ulong Stripes(ref ReadOnlySpan<byte> bytes, ulong seed)
    {
        ulong a = seed + P1 + P2, b = seed + P2, c = seed, d = seed - P1;
        for (; bytes.Length >= 32; bytes = bytes[32..])
        {
            a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
            d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        }

        ulong hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        foreach (ulong lane in (ReadOnlySpan<ulong>)[a, b, c, d])
            hash = (hash ^ Round(0, lane)) * P1 + P4;
        return hash;
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + input * P2, 31) * P1;
}
