using Google.Protobuf;

namespace Waypoint.Protos.Scanning;

/// <summary>Reads tags and values from untrusted bytes. Every method returns false where the bytes end too early or are no protobuf.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> data, int start, int end)
{
    private const int MaxVarintBytes = 10;

    private readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; } = start;

    public readonly int End { get; } = end;

    public readonly bool AtEnd => Position >= End;

    public bool TryReadTag(out int number, out WireFormat.WireType type)
    {
        number = 0;
        type = WireFormat.WireType.Varint;
        if (!TryReadVarint(out ulong tag) || tag > uint.MaxValue) return false;
        number = (int)(tag >> 3);
        type = (WireFormat.WireType)(tag & 7);
        return number != 0 && type <= WireFormat.WireType.Fixed32;
    }

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int i = 0; i < MaxVarintBytes && Position < End; i++)
        {
            byte next = _data[Position++];
            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80) return true;
        }
        return false;
    }

    /// <summary>Steps over a length-delimited value and says where it lies.</summary>
    public bool TryReadBlock(out int start, out int end)
    {
        start = end = 0;
        if (!TryReadVarint(out ulong length) || length > (ulong)(End - Position)) return false;
        start = Position;
        end = Position += (int)length;
        return true;
    }

    /// <summary>Steps over a value of any type; a group with all it contains.</summary>
    public bool TrySkip(int number, WireFormat.WireType type, int depth)
    {
        switch (type)
        {
            case WireFormat.WireType.Varint:
                return TryReadVarint(out _);
            case WireFormat.WireType.Fixed64:
                return TryAdvance(8);
            case WireFormat.WireType.Fixed32:
                return TryAdvance(4);
            case WireFormat.WireType.LengthDelimited:
                return TryReadBlock(out _, out _);
            case WireFormat.WireType.StartGroup:
                return depth > 0 && TrySkipGroup(number, depth - 1);
            default:
                return false;
        }
    }

    private bool TrySkipGroup(int number, int depth)
    {
        while (TryReadTag(out int inner, out WireFormat.WireType type))
        {
            if (type == WireFormat.WireType.EndGroup) return inner == number;
            if (!TrySkip(inner, type, depth)) return false;
        }
        return false;
    }

    private bool TryAdvance(int count)
    {
        if (End - Position < count) return false;
        Position += count;
        return true;
    }
}
