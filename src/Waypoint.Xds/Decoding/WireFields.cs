using Google.Protobuf;

namespace Waypoint.Xds.Decoding;

/// <summary>Walks the fields of one serialised message without parsing it: `while (fields.TryNext(...))`. Ends with <see cref="Malformed"/> set where the bytes are no message.</summary>
internal ref struct WireFields(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>True once the walk met bytes that are no field.</summary>
    public bool Malformed { get; private set; }

    /// <summary>How the field is written.</summary>
    public WireFormat.WireType WireType { get; private set; }

    /// <summary>The value of a varint field; zero for other wire types.</summary>
    public ulong Varint { get; private set; }

    /// <summary>Moves to the next field.</summary>
    /// <param name="number">The field number.</param>
    /// <param name="field">Where the whole field lies, tag included.</param>
    /// <param name="content">Where the content of a length-delimited field lies; empty for other wire types.</param>
    public bool TryNext(out int number, out Range field, out Range content)
    {
        number = 0;
        field = content = default;
        if (_position >= _message.Length)
            return false;

        int start = _position;
        if (!TryVarint(out ulong tag) || tag >> 3 is 0 or > 536_870_911)
            return Fail();

        number = (int)(tag >> 3);
        WireType = (WireFormat.WireType)(tag & 7);
        Varint = 0;
        int contentStart = 0, contentEnd = 0;
        switch (tag & 7)
        {
            case 0:
                if (!TryVarint(out ulong value))
                    return Fail();
                Varint = value;
                break;
            case 1:
                _position += sizeof(ulong);
                break;
            case 2:
                if (!TryVarint(out ulong length) || length > (ulong)(_message.Length - _position))
                    return Fail();
                contentStart = _position;
                contentEnd = _position += (int)length;
                break;
            case 5:
                _position += sizeof(uint);
                break;
            default:
                return Fail();
        }

        if (_position > _message.Length)
            return Fail();
        field = start.._position;
        content = contentStart..contentEnd;
        return true;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && _position < _message.Length; shift += 7)
        {
            byte next = _message[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }

        return false;
    }

    private bool Fail()
    {
        Malformed = true;
        return false;
    }
}
