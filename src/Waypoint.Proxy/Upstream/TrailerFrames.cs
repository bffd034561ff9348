using System.Buffers;
using System.Buffers.Binary;

namespace Waypoint.Proxy.Upstream;

/// <summary>Makes trailers of marked bytes (<see cref="TrailerMark"/>) among the frames that the HTTP client writes to an HTTP/2 connection: the marked DATA goes, and the empty DATA frame that
/// would end the stream becomes HEADERS (RFC 9113, 8.1). The client writes whole frames. Mutable; one writer.</summary>
internal sealed class TrailerFrames
{
    private const int FrameHeaderBytes = 9;
    private const int MaxFrameBytes = 16 * 1024;
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Continuation = 9;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    /// <summary>More than a connection has streams at a time. Beyond it the oldest are forgotten: of a stream that the upstream reset, the client writes no end.</summary>
    private const int MaxStreams = 256;

    /// <summary>Streams of which only a piece of the secret may be held: forgotten, the rest of the secret would go out as body. Beyond it the connection is cut.</summary>
    private const int MaxPieces = 1024;

    // Marked bytes of streams that have not ended; what has come of them so far, since flow control may cut them.
    private readonly Dictionary<int, ArrayBufferWriter<byte>> _streams = [];

    /// <summary>True if frames have to be looked at.</summary>
    public static bool IsNeeded => TrailerMark.IsInUse;

    /// <summary>Streams of which marked bytes are held.</summary>
    public int Held => _streams.Count;

    /// <summary>The frames as they go out.</summary>
    /// <param name="frames">Whole frames.</param>
    /// <param name="taken">DATA bytes that the upstream never sees, and never gives credit for.</param>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> frames, out int taken)
    {
        taken = 0;
        ArrayBufferWriter<byte>? changed = null;
        int at = 0;
        ReadOnlySpan<byte> all = frames.Span;
        while (all.Length - at >= FrameHeaderBytes)
        {
            int length = (all[at] << 16) | (all[at + 1] << 8) | all[at + 2];
            if (length > all.Length - at - FrameHeaderBytes)
            {
                break;
            }

            ReadOnlySpan<byte> frame = all.Slice(at, FrameHeaderBytes + length);
            int before = taken;
            if (IsReplaced(frame, ref taken, out byte[] replacement))
            {
                if (changed is null)
                {
                    changed = new ArrayBufferWriter<byte>();
                    changed.Write(all[..at]);
                }

                changed.Write(replacement);
            }
            else
            {
                changed?.Write(frame);
            }

            at += frame.Length;
        }

        if (changed is null)
        {
            return frames;
        }

        changed.Write(all[at..]);
        return changed.WrittenMemory;
    }

    private bool IsReplaced(ReadOnlySpan<byte> frame, ref int taken, out byte[] replacement)
    {
        replacement = [];
        int stream = BinaryPrimitives.ReadInt32BigEndian(frame[5..]) & int.MaxValue;
        bool known = _streams.TryGetValue(stream, out ArrayBufferWriter<byte>? held);
        ReadOnlySpan<byte> payload = frame[FrameHeaderBytes..];
        bool ends = (frame[4] & EndStream) != 0;
        switch (frame[3])
        {
            case ResetStream when known:
                Forget(stream, ref taken);
                return false;
            case Data when known && IsMarked(held!) && ends:
                // Marked bytes that are not whole are given up: the secret never leaves.
                _streams.Remove(stream);
                taken += payload.Length;
                replacement = payload.IsEmpty && IsWhole(held!) ? ToHeaders(stream, held!.WrittenSpan[TrailerMark.HeaderBytes..]) : Frame(Data, EndStream, stream, []);
                return true;
            case Data when known && (ends || !Continues(held!, payload)):
                // They only looked like it: what was held back goes out in front.
                _streams.Remove(stream);
                replacement = Frame(Data, 0, stream, held!.WrittenSpan);
                if (!ends && Begins(payload))
                {
                    // The body ended like the mark begins, and here it may really begin.
                    Hold(stream, payload, ref taken);
                    return true;
                }

                replacement = [.. replacement, .. frame];
                return true;
            case Data when known:
                Write(held!, payload, ref taken);
                return true;
            case Data when !ends && Begins(payload):
                Hold(stream, payload, ref taken);
                return true;
            default:
                return false;
        }
    }

    private void Hold(int stream, ReadOnlySpan<byte> payload, ref int taken)
    {
        if (_streams.Count >= MaxStreams)
        {
            ForgetOldestMarked();
        }

        if (_streams.Count == MaxPieces)
        {
            throw new IOException($"More than {MaxPieces} streams of one connection end with bytes that may begin trailers.");
        }

        var held = new ArrayBufferWriter<byte>();
        _streams.Add(stream, held);
        Write(held, payload, ref taken);
    }

    /// <summary>Bytes count as taken once the secret is complete: until then they may still go out, and credit that was given back twice would break the connection.</summary>
    private static void Write(ArrayBufferWriter<byte> held, ReadOnlySpan<byte> payload, ref int taken)
    {
        bool wasMarked = IsMarked(held);
        held.Write(payload);
        taken += wasMarked ? payload.Length : IsMarked(held) ? held.WrittenCount : 0;
    }

    private void ForgetOldestMarked()
    {
        int oldest = int.MaxValue;
        foreach ((int stream, ArrayBufferWriter<byte> held) in _streams)
        {
            oldest = IsMarked(held) ? Math.Min(oldest, stream) : oldest;
        }

        _streams.Remove(oldest);
    }

    private void Forget(int stream, ref int taken)
    {
        if (_streams.Remove(stream, out ArrayBufferWriter<byte>? held) && !IsMarked(held))
        {
            taken += held.WrittenCount;
        }
    }

    /// <summary>Whether the whole secret has come: nobody but this process can have sent it.</summary>
    private static bool IsMarked(ArrayBufferWriter<byte> held) => held.WrittenCount >= TrailerMark.Secret.Length;

    private static bool Begins(ReadOnlySpan<byte> payload) =>
        !payload.IsEmpty && TrailerMark.Secret.StartsWith(payload[..Math.Min(payload.Length, TrailerMark.Secret.Length)]);

    /// <summary>Whether marked bytes go on: up to the secret's end they must be it, then anything up to the length.</summary>
    private static bool Continues(ArrayBufferWriter<byte> held, ReadOnlySpan<byte> payload)
    {
        int missing = TrailerMark.Secret.Length - held.WrittenCount;
        return missing <= 0 || (!payload.IsEmpty && TrailerMark.Secret[held.WrittenCount..].StartsWith(payload[..Math.Min(missing, payload.Length)]));
    }

    private static bool IsWhole(ArrayBufferWriter<byte> held) =>
        held.WrittenCount > TrailerMark.HeaderBytes && held.WrittenCount == TrailerMark.HeaderBytes + TrailerMark.LengthOf(held.WrittenSpan);

    private static byte[] ToHeaders(int stream, ReadOnlySpan<byte> block)
    {
        var frames = new List<byte>(block.Length + FrameHeaderBytes);
        byte type = Headers;
        byte flags = EndStream;
        do
        {
            ReadOnlySpan<byte> part = block[..Math.Min(block.Length, MaxFrameBytes)];
            block = block[part.Length..];
            frames.AddRange(Frame(type, block.IsEmpty ? (byte)(flags | EndHeaders) : flags, stream, part));
            (type, flags) = (Continuation, 0);
        }
        while (!block.IsEmpty);

        return [.. frames];
    }

    private static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[FrameHeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(), payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(FrameHeaderBytes));
        return frame;
    }
}
