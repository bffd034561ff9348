using System.Buffers;
using System.Globalization;
using System.Text;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Wire;

/// <summary>Follows a request's body to its end and holds back what has not been checked. Chunk lines and trailers of unusual form are replaced by plain ones.
/// Mutable; one body after the other.</summary>
internal sealed class RequestBodyScan
{
    private enum Part
    {
        Done,
        Bytes,
        ChunkLine,
        ChunkBytes,
        ChunkEnd,
        Trailers,
    }

    private readonly Http1Config _defaults = Http1Config.Default;
    private Part _part;
    private long _left;
    private HeadEnd _trailerEnd;
    private long _trailerScanned;

    /// <summary>True when the body has ended, and its end has been let through.</summary>
    public bool IsDone => _part == Part.Done && ReplacedBytes == 0;

    /// <summary>Bytes in front of the scan that <see cref="Replacement"/> stands for; 0: nothing is to be replaced.</summary>
    public long ReplacedBytes { get; private set; }

    /// <summary>What the reader gets instead.</summary>
    public byte[] Replacement { get; private set; } = [];

    /// <summary>Begins a body.</summary>
    public void Start(BodyFraming framing)
    {
        _left = framing.Length;
        _part = framing.Kind switch
        {
            BodyKind.Length when framing.Length > 0 => Part.Bytes,
            BodyKind.Chunked => Part.ChunkLine,
            _ => Part.Done,
        };
    }

    /// <summary>The replacement is on its way.</summary>
    public void Replaced() => ReplacedBytes = 0;

    /// <summary>How many of the bytes may pass as they are. Stops at the body's end, in front of what is not complete, and in front of what is to be replaced.</summary>
    public long Scan(in ReadOnlySequence<byte> bytes, Http1Config? config, out WireFault? fault)
    {
        fault = null;
        long passed = 0;
        while (!IsDone && ReplacedBytes == 0 && passed < bytes.Length)
        {
            long step = Step(bytes.Slice(passed), config ?? _defaults, out fault);
            if (fault is not null)
            {
                return 0;
            }

            if (step == 0)
            {
                break;
            }

            passed += step;
        }

        return passed;
    }

    private long Step(in ReadOnlySequence<byte> bytes, Http1Config config, out WireFault? fault)
    {
        fault = null;
        switch (_part)
        {
            case Part.Bytes or Part.ChunkBytes:
                long taken = Math.Min(_left, bytes.Length);
                _left -= taken;
                if (_left == 0)
                {
                    _part = _part == Part.Bytes ? Part.Done : Part.ChunkEnd;
                }

                return taken;
            case Part.ChunkEnd:
                return TakeChunkEnd(bytes, out fault);
            case Part.ChunkLine:
                return TakeChunkLine(bytes, config, out fault);
            default:
                return TakeTrailers(bytes, config, out fault);
        }
    }

    private long TakeChunkEnd(in ReadOnlySequence<byte> bytes, out WireFault? fault)
    {
        fault = null;
        Span<byte> end = stackalloc byte[2];
        int count = (int)Math.Min(2, bytes.Length);
        bytes.Slice(0, count).CopyTo(end);
        if (!"\r\n"u8.StartsWith(end[..count]))
        {
            fault = WireFault.ChunkEnd;
            return 0;
        }

        if (count < 2)
        {
            return 0;
        }

        _part = Part.ChunkLine;
        return 2;
    }

    private long TakeChunkLine(in ReadOnlySequence<byte> bytes, Http1Config config, out WireFault? fault)
    {
        fault = null;
        ReadOnlySequence<byte> window = bytes.Length > ChunkLine.MaxBytes ? bytes.Slice(0, ChunkLine.MaxBytes) : bytes;
        if (window.PositionOf((byte)'\n') is not { } end)
        {
            fault = window.Length == ChunkLine.MaxBytes ? WireFault.ChunkSize : null;
            return 0;
        }

        ReadOnlySequence<byte> line = window.Slice(0, end);
        int length = (int)line.Length + 1;
        fault = ChunkLine.Read(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), config.AllowLoneReturnInChunkExtension, out long size, out bool isPlain);
        if (fault is not null)
        {
            return 0;
        }

        (_left, _part) = (size, size == 0 ? Part.Trailers : Part.ChunkBytes);
        if (size == 0)
        {
            (_trailerEnd, _trailerScanned) = (HeadEnd.OfTrailers, 0);
        }

        if (isPlain)
        {
            return length;
        }

        Replace(length, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{size:x}\r\n")));
        return 0;
    }

    private long TakeTrailers(in ReadOnlySequence<byte> bytes, Http1Config config, out WireFault? fault)
    {
        fault = null;
        long end = FindTrailerEnd(bytes);
        if (end < 0 ? bytes.Length > config.MaxHeadBytes : end > config.MaxHeadBytes)
        {
            fault = WireFault.TrailersTooLarge;
            return 0;
        }

        if (end < 0)
        {
            return 0;
        }

        var lines = new List<HeaderLine>();
        fault = HeadText.ReadLines(bytes.Slice(0, end).ToArray(), lines);
        if (fault is null && config.EnableTrailers && lines.Count > config.MaxHeaderCount)
        {
            fault = WireFault.TooManyTrailers;
        }

        if (fault is not null)
        {
            return 0;
        }

        _part = Part.Done;
        if (lines.Count == 0 && end == 2)
        {
            return end;
        }

        var text = new HeadWriter();
        text.Add(config.EnableTrailers ? lines : []);
        Replace(end, text.ToArray());
        return 0;
    }

    private long FindTrailerEnd(in ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> piece in bytes.Slice(_trailerScanned))
        {
            int end = _trailerEnd.Find(piece.Span);
            if (end >= 0)
            {
                return _trailerScanned + end;
            }

            _trailerScanned += piece.Length;
        }

        return -1;
    }

    private void Replace(long bytes, byte[] replacement) => (ReplacedBytes, Replacement) = (bytes, replacement);
}
