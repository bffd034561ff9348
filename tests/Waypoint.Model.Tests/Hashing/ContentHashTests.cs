using System.Numerics;
using Waypoint.Model.Hashing;

namespace Waypoint.Model.Tests.Hashing;

public sealed class ContentHashTests
{
    [Fact]
    public void Of_EqualBytesAtDifferentAlignment_SameHash()
    {
        byte[] bytes = new byte[200];
        new Random(1).NextBytes(bytes);
        byte[] shifted = [0, 0, 0, .. bytes];

        Assert.Equal(ContentHash.Of(bytes), ContentHash.Of(shifted.AsSpan(3)));
    }

    [Fact]
    public void Of_EveryLengthOfZeros_AllDiffer()
    {
        var seen = new HashSet<ContentHash>();
        byte[] zeros = new byte[300];
        for (int length = 0; length <= zeros.Length; length++)
            Assert.True(seen.Add(ContentHash.Of(zeros.AsSpan(0, length))), $"length {length}");
    }

    [Fact]
    public void Of_OneBitFlippedAnywhere_HashDiffersInManyBits()
    {
        byte[] bytes = new byte[257];
        new Random(2).NextBytes(bytes);
        ContentHash original = ContentHash.Of(bytes);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            ContentHash changed = ContentHash.Of(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.InRange(BitOperations.PopCount(original.High ^ changed.High) + BitOperations.PopCount(original.Low ^ changed.Low), 25, 103);
        }
    }

    [Fact]
    public void Of_TwoWordsSwapped_HashDiffers()
    {
        byte[] a = new byte[64], b = new byte[64];
        a[0] = b[8] = 1;

        Assert.NotEqual(ContentHash.Of(a), ContentHash.Of(b));
    }

    [Fact]
    public void Of_PiecesCutElsewhere_HashDiffers()
    {
        ContentHash first = ContentHash.Of("ab"u8, ContentHash.Of("c"u8));

        Assert.NotEqual(first, ContentHash.Of("b"u8, ContentHash.Of("ca"u8)));
        Assert.NotEqual(first, ContentHash.Of("c"u8, ContentHash.Of("ab"u8)));
    }
}
