namespace Waypoint.Proxy.Wire;

/// <summary>Follows chunks to their end without holding anything back, wherever the bytes are cut. Refuses what servers read differently. Mutable; a default value is at the start.</summary>
internal struct ChunkFollower
{
    private const int MaxSizeDigits = 15;

    private enum Place
    {
        Size,
        Extension,
        SizeReturn,
        Bytes,
        BytesReturn,
        BytesFeed,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerReturn,
        LastFeed,
        Done,
    }

    private Place _place;
    private long _size;
    private int _digits;
    private bool _returnInExtension;

    /// <summary>True at the end of the last chunk's trailers.</summary>
    public readonly bool IsDone => _place == Place.Done;

    /// <summary>Looks at bytes up to the end of the body.</summary>
    /// <param name="bytes">The next bytes.</param>
    /// <param name="allowLoneReturn">Passes over carriage returns within extensions.</param>
    /// <param name="fault">What is wrong, or null.</param>
    /// <returns>How many belong to the body.</returns>
    public int Follow(ReadOnlySpan<byte> bytes, bool allowLoneReturn, out WireFault? fault)
    {
        fault = null;
        int at = 0;
        while (at < bytes.Length && !IsDone && fault is null)
        {
            if (_place == Place.Bytes)
            {
                int taken = (int)Math.Min(_size, bytes.Length - at);
                at += taken;
                _size -= taken;
                _place = _size == 0 ? Place.BytesReturn : Place.Bytes;
                continue;
            }

            fault = Step(bytes[at++], allowLoneReturn);
        }

        return at;
    }

    private WireFault? Step(byte next, bool allowLoneReturn)
    {
        switch (_place)
        {
            case Place.Size:
                return TakeDigit(next);
            case Place.Extension or Place.SizeReturn:
                return TakeExtension(next, allowLoneReturn);
            case Place.BytesReturn:
                return Expect(next, '\r', Place.BytesFeed);
            case Place.BytesFeed:
                (_size, _digits, _returnInExtension) = (0, 0, false);
                return Expect(next, '\n', Place.Size);
            case Place.LastFeed:
                return Expect(next, '\n', Place.Done);
            default:
                return TakeTrailer(next);
        }
    }

    private WireFault? TakeDigit(byte next)
    {
        if (char.IsAsciiHexDigit((char)next) && _digits < MaxSizeDigits)
        {
            _size = (_size << 4) | (uint)(next <= '9' ? next - '0' : (next | 0x20) - 'a' + 10);
            _digits++;
            return null;
        }

        if (_digits == 0 || next is not ((byte)'\r' or (byte)';' or (byte)' ' or (byte)'\t'))
        {
            return WireFault.ChunkSize;
        }

        _place = next == '\r' ? Place.SizeReturn : Place.Extension;
        return null;
    }

    private WireFault? TakeExtension(byte next, bool allowLoneReturn)
    {
        if (_place == Place.SizeReturn && next == '\n')
        {
            _place = _size == 0 ? Place.TrailerStart : Place.Bytes;
            return null;
        }

        if (_place == Place.SizeReturn)
        {
            // A carriage return that ended nothing.
            _returnInExtension = true;
        }

        if ((_returnInExtension && !allowLoneReturn) || (next != '\r' && Http1Chars.NotInValue.Contains(next)))
        {
            return WireFault.ChunkExtension;
        }

        _place = next == '\r' ? Place.SizeReturn : Place.Extension;
        return null;
    }

    private WireFault? TakeTrailer(byte next)
    {
        switch (_place)
        {
            case Place.TrailerStart when next == '\r':
                _place = Place.LastFeed;
                return null;
            case Place.TrailerName when next == ':':
                _place = Place.TrailerValue;
                return null;
            case Place.TrailerStart or Place.TrailerName:
                _place = Place.TrailerName;
                return Http1Chars.Token.Contains(next) ? null : WireFault.HeaderName;
            case Place.TrailerValue when next == '\r':
                _place = Place.TrailerReturn;
                return null;
            case Place.TrailerReturn when next == '\n':
                _place = Place.TrailerStart;
                return null;
            case Place.TrailerReturn:
                return WireFault.HeaderValue;
            default:
                return Http1Chars.NotInValue.Contains(next) ? WireFault.HeaderValue : null;
        }
    }

    private WireFault? Expect(byte next, char wanted, Place then)
    {
        _place = then;
        return next == wanted ? null : WireFault.ChunkEnd;
    }
}
