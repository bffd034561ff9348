using System.Buffers;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Wire;

/// <summary>Collects a request head that is not clean or has not come in one piece, and looks at it as soon as it is complete. Mutable; one head after the other.</summary>
internal sealed class RequestHeadScan
{
    /// <summary>A longer head is taken out of the tunnel, whose window it would otherwise fill for ever.</summary>
    private const int HoldBytes = 256 * 1024;

    private HeadEnd _end;
    private long _scanned;
    private bool _lineCame;
    private bool _lineChecked;
    private ArrayBufferWriter<byte>? _held;

    /// <summary>True while bytes of a head wait for more.</summary>
    public bool HasBegun => _scanned > 0 || _held is not null;

    /// <summary>True if the bytes given to <see cref="TryComplete"/> were taken over; the next call gets only what comes after them.</summary>
    public bool TookAll { get; private set; }

    /// <summary>Looks at the bytes in front of the reader. False: more are needed.</summary>
    /// <param name="bytes">All bytes that were not taken over.</param>
    /// <param name="config">How to read them.</param>
    /// <param name="length">Length of the head in <paramref name="bytes"/>.</param>
    /// <param name="clean">Its framing if it may pass as it is; null otherwise.</param>
    /// <param name="head">The head if it was written anew or refused.</param>
    /// <param name="fault">Why it is refused, or null.</param>
    public bool TryComplete(in ReadOnlySequence<byte> bytes, Http1Config config, out long length, out BodyFraming? clean, out RequestHead? head, out WireFault? fault)
    {
        (clean, head, fault, TookAll) = (null, null, null, false);
        length = FindEnd(bytes);
        long total = (_held?.WrittenCount ?? 0) + (length < 0 ? bytes.Length : length);
        if (total > config.MaxHeadBytes)
        {
            fault = WireFault.HeadersTooLarge;
            return true;
        }

        if (length < 0)
        {
            fault = CheckFirstLine(bytes, config);
            Hold(bytes);
            return fault is not null;
        }

        ReadOnlySpan<byte> whole = Whole(bytes.Slice(0, length));
        if (_held is null && CleanRequestHead.TryRecognize(whole, config, out BodyFraming framing) == length)
        {
            clean = framing;
        }
        else
        {
            head = RequestHead.Read(whole, config);
            fault = head.Fault;
        }

        Reset();
        return true;
    }

    private void Reset() => (_end, _scanned, _lineCame, _lineChecked, _held) = (default, 0, false, false, null);

    private long FindEnd(in ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> piece in bytes.Slice(_scanned))
        {
            int end = _end.Find(piece.Span);
            if (end >= 0)
            {
                return _scanned + end;
            }

            _scanned += piece.Length;
            _lineCame |= piece.Span.Contains((byte)'\n');
        }

        return -1;
    }

    /// <summary>A client that does not speak HTTP is told so at once, not when its next line comes.</summary>
    private WireFault? CheckFirstLine(in ReadOnlySequence<byte> bytes, Http1Config config)
    {
        // Only when a line has come: a client that sends byte by byte must not have us look at all of them each time.
        if (!_lineCame || _lineChecked || _held is not null)
        {
            return null;
        }

        ReadOnlySpan<byte> start = (bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray()).TrimStart("\r\n"u8);
        if (start.IndexOf((byte)'\n') < 0)
        {
            _lineCame = false;
            return null;
        }

        _lineChecked = true;
        return RequestHead.CheckRequestLine(HeadText.TakeLine(ref start), config);
    }

    private void Hold(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length < HoldBytes)
        {
            return;
        }

        _held ??= new ArrayBufferWriter<byte>();
        foreach (ReadOnlyMemory<byte> piece in bytes)
        {
            _held.Write(piece.Span);
        }

        _scanned = 0;
        TookAll = true;
    }

    private ReadOnlySpan<byte> Whole(in ReadOnlySequence<byte> rest)
    {
        if (_held is null)
        {
            return rest.IsSingleSegment ? rest.FirstSpan : rest.ToArray();
        }

        foreach (ReadOnlyMemory<byte> piece in rest)
        {
            _held.Write(piece.Span);
        }

        return _held.WrittenSpan;
    }
}
