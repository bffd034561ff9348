using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Waypoint.Model.Hashing;

/// <summary>A 128-bit hash of serialised bytes, to tell an unchanged resource from a changed one. Two independent 64-bit states are stirred by the
/// widening product of two words; no defence against an adversary, istiod is none. The value is stable only within one process version. Two words rather than a
/// <see cref="UInt128"/>, around which nothing is compiled ahead.</summary>
/// <param name="High">The upper half.</param>
/// <param name="Low">The lower half.</param>
public readonly record struct ContentHash(ulong High, ulong Low)
{
    private const ulong K0 = 0x9E37_79B9_7F4A_7C15, K1 = 0xC2B2_AE3D_27D4_EB4F, K2 = 0x1656_67B1_9E37_79F9, K3 = 0xD6E8_FEB8_6659_FD93;

    /// <summary>Stands for nothing.</summary>
    public static ContentHash None => default;

    /// <summary>Hashes one run of bytes.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> bytes) => Of(bytes, None);

    /// <summary>Hashes bytes on top of an earlier hash, for content that lies in several pieces; where a piece ends matters.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> bytes, ContentHash earlier)
    {
        ulong a = K0 ^ earlier.Low, b = K1 ^ earlier.High ^ ((ulong)bytes.Length * K2);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        int i = 0;
        for (; i + 1 < words.Length; i += 2)
            Stir(ref a, ref b, words[i], words[i + 1]);

        Span<byte> tail = stackalloc byte[16];
        tail.Clear();
        bytes[(i * 8)..].CopyTo(tail);
        Stir(ref a, ref b, BinaryPrimitives.ReadUInt64LittleEndian(tail), BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]));
        Stir(ref a, ref b, K2, K3);
        return new ContentHash(Fold(a ^ K3, b ^ K0), Fold(b ^ K2, a ^ K1));
    }

    private static void Stir(ref ulong a, ref ulong b, ulong x, ulong y)
    {
        // Adding the words again keeps them in the state when a factor happens to be zero.
        ulong nextA = Fold(a ^ x, K1 ^ y) + ulong.RotateLeft(b, 29) + y;
        b = Fold(b ^ y, K2 ^ x) + ulong.RotateLeft(a, 41) + x;
        a = nextA;
    }

    private static ulong Fold(ulong x, ulong y)
    {
        ulong high = Math.BigMul(x, y, out ulong low);
        return high ^ low;
    }
}
