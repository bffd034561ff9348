using System.Buffers.Binary;

namespace Waypoint.Proxy.Upstream;

/// <summary>An HTTP/2 connection. The client repeats a request that was reset with REFUSED_STREAM, and fails if it has a body; under another code it reports the reset.
/// Follows the frames by their headers (RFC 9113, 4.1) and changes one byte of such a RST_STREAM. Also sends the trailers of requests, which the client cannot.</summary>
internal sealed class Http2UpstreamStream(Stream inner) : UpstreamStream(inner)
{
    /// <summary>What REFUSED_STREAM becomes; no code of the standard.</summary>
    public const long RefusedStreamCode = 0x87;

    private const int FrameHeaderBytes = 9;
    private const byte ResetStream = 3;
    private const byte RefusedStream = 7;
    private const byte WindowUpdate = 8;

    private readonly TrailerFrames _trailers = new();
    private byte[] _own = [];
    private int _ownAt;
    private int _credit;
    private int _headerBytes;
    private int _length;
    private byte _type;
    private int _payloadLeft;

    protected override bool HasServable => _ownAt < _own.Length || (IsBetweenFrames && Volatile.Read(ref _credit) > 0);

    private bool IsBetweenFrames => _headerBytes == 0 && _payloadLeft == 0;

    protected override ReadOnlyMemory<byte> OnWrite(ReadOnlyMemory<byte> bytes)
    {
        if (!TrailerFrames.IsNeeded)
        {
            return bytes;
        }

        ReadOnlyMemory<byte> frames = _trailers.Apply(bytes, out int taken);
        Interlocked.Add(ref _credit, taken);
        return frames;
    }

    /// <summary>The client has spent credit of the connection on bytes that the upstream never got: it gets it back.</summary>
    protected override bool TryServe(Span<byte> buffer, out int count)
    {
        if (_ownAt == _own.Length && IsBetweenFrames && Volatile.Read(ref _credit) > 0)
        {
            (_own, _ownAt) = ([0, 0, 4, WindowUpdate, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0);
            BinaryPrimitives.WriteInt32BigEndian(_own.AsSpan(FrameHeaderBytes), Interlocked.Exchange(ref _credit, 0));
        }

        count = Math.Min(buffer.Length, _own.Length - _ownAt);
        _own.AsSpan(_ownAt, count).CopyTo(buffer);
        _ownAt += count;
        return count > 0;
    }

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
