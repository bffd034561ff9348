using System.Buffers.Binary;

namespace Waypoint.Hbone.Frames;

/// <summary>The nine bytes in front of every frame.</summary>
internal readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int StreamId)
{
    public const int Size = 9;

    /// <summary>Largest window that HTTP/2 knows.</summary>
    public const int MaxWindow = int.MaxValue;

    public bool Has(FrameFlags flag) => (Flags & flag) != 0;

    /// <summary>Reads from at least <see cref="Size"/> bytes. The reserved bit of the stream id is ignored.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes) => new(
        (bytes[0] << 16) | (bytes[1] << 8) | bytes[2], (FrameType)bytes[3], (FrameFlags)bytes[4], BinaryPrimitives.ReadInt32BigEndian(bytes[5..]) & int.MaxValue);

    /// <summary>Writes the nine bytes.</summary>
    public static void Write(Span<byte> destination, int length, FrameType type, FrameFlags flags, int streamId)
    {
        // The last store first: one bounds check covers the rest.
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], streamId);
        destination[4] = (byte)flags;
        destination[3] = (byte)type;
        destination[2] = (byte)length;
        destination[1] = (byte)(length >> 8);
        destination[0] = (byte)(length >> 16);
    }
}
