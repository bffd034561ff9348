namespace Waypoint.Proxy.Upstream;

/// <summary>An HTTP/2 connection. The client repeats a request that was reset with REFUSED_STREAM, and fails if it has a body; under another code it reports the reset.
/// Follows the frames by their headers (RFC 9113, 4.1) and changes one byte of such a RST_STREAM.</summary>
internal sealed class Http2UpstreamStream(Stream inner) : UpstreamStream(inner)
{
    /// <summary>What REFUSED_STREAM becomes; no code of the standard.</summary>
    public const long RefusedStreamCode = 0x87;

    private const int FrameHeaderBytes = 9;
    private const byte ResetStream = 3;
    private const byte RefusedStream = 7;

    private int _headerBytes;
    private int _length;
    private byte _type;
    private int _payloadLeft;

    protected override int OnRead(Span<byte> bytes)
    {
        int all = bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                int count = Math.Min(_payloadLeft, bytes.Length);
                _payloadLeft -= count;
                if (_type == ResetStream && _payloadLeft == 0 && _length == 4 && bytes[count - 1] == RefusedStream)
                {
                    bytes[count - 1] = (byte)RefusedStreamCode;
                }

                bytes = bytes[count..];
                continue;
            }

            byte next = bytes[0];
            bytes = bytes[1..];
            if (_headerBytes < 3)
            {
                _length = _headerBytes == 0 ? next : (_length << 8) | next;
            }
            else if (_headerBytes == 3)
            {
                _type = next;
            }

            if (++_headerBytes == FrameHeaderBytes)
            {
                _payloadLeft = _length;
                _headerBytes = 0;
            }
        }

        return all;
    }
}
