using System.Buffers.Binary;

namespace Waypoint.Model.Hashing;

/// <summary>The 64-bit MurmurHash2 in the form of the GNU standard library: the other function that a ring may be built with
/// (<c>ring_hash_lb_config.hash_function: MURMUR_HASH_2</c>).</summary>
public static class MurmurHash2
{
    /// <summary>The seed that Envoy uses.</summary>
    public const ulong StandardSeed = 0xC70F_6907;

    private const ulong Factor = 0xC6A4_A793_5BD1_E995;

    /// <summary>Hashes bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = StandardSeed)
    {
        ulong hash = seed ^ (ulong)bytes.Length * Factor;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            hash = (hash ^ Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes) * Factor) * Factor) * Factor;
        if (!bytes.IsEmpty)
        {
            ulong rest = 0;
            for (int i = bytes.Length - 1; i >= 0; i--)
                rest = rest << 8 | bytes[i];
            hash = (hash ^ rest) * Factor;
        }

        return Mix(Mix(hash) * Factor);
    }

    private static ulong Mix(ulong value) => value ^ value >> 47;
}
