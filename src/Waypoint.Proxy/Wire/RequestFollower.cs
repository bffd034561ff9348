using System.Text;

namespace Waypoint.Proxy.Wire;

/// <summary>Follows the requests that the HTTP client writes to a connection: where each begins, and what its response depends on. The client's own form is the only one that it
/// has to know. Mutable.</summary>
internal sealed class RequestFollower
{
    private readonly List<byte> _cut = [];
    private bool _inHead;
    private bool _startLine;
    private BodyFraming _declared;
    private long _left;
    private bool _inChunks;
    private ChunkFollower _chunks;
    private ResponseContext _context;

    /// <summary>Facts of the request that was begun last.</summary>
    public ResponseContext Context => _context;

    /// <summary>True while the body of that request has not been written to its end.</summary>
    public bool IsInBody => _left > 0 || _inChunks;

    /// <summary>Looks at bytes on their way out. True if a request begins among them.</summary>
    public bool Follow(ReadOnlySpan<byte> bytes)
    {
        bool begins = false;
        while (!bytes.IsEmpty)
        {
            if (_left > 0)
            {
                int taken = (int)Math.Min(_left, bytes.Length);
                _left -= taken;
                bytes = bytes[taken..];
            }
            else if (_inChunks)
            {
                int taken = _chunks.Follow(bytes, allowLoneReturn: true, out _);
                _inChunks = !_chunks.IsDone;
                bytes = bytes[taken..];
            }
            else
            {
                begins |= Begin();
                bytes = TakeHeadLine(bytes);
            }
        }

        return begins;
    }

    private bool Begin()
    {
        if (_inHead)
        {
            return false;
        }

        (_inHead, _startLine, _declared, _context) = (true, true, default, default);
        return true;
    }

    private ReadOnlySpan<byte> TakeHeadLine(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            _cut.AddRange(bytes);
            return default;
        }

        ReadOnlySpan<byte> line = bytes[..end];
        if (_cut.Count > 0)
        {
            _cut.AddRange(line);
            line = _cut.ToArray();
            _cut.Clear();
        }

        TakeLine(line is [.., (byte)'\r'] ? line[..^1] : line);
        return bytes[(end + 1)..];
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (_startLine)
        {
            _startLine = false;
            _context = new(line.StartsWith("HEAD "u8), line.StartsWith("CONNECT "u8), false);
            return;
        }

        if (line.IsEmpty)
        {
            _inHead = false;
            _left = _declared.Kind == BodyKind.Length ? _declared.Length : 0;
            _inChunks = _declared.Kind == BodyKind.Chunked;
            _chunks = default;
            return;
        }

        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return;
        }

        ReadOnlySpan<byte> value = HeaderKinds.Trim(line[(colon + 1)..]);
        switch (HeaderKinds.Of(line[..colon]))
        {
            case HeaderKind.ContentLength when HeaderKinds.TryParseLength(value, out long length):
                _declared = BodyFraming.OfLength(length);
                break;
            case HeaderKind.TransferEncoding when Ascii.EqualsIgnoreCase(value, "chunked"u8):
                _declared = new(BodyKind.Chunked, 0);
                break;
            case HeaderKind.Upgrade:
                _context = _context with { IsUpgrade = true };
                break;
            case HeaderKind.Other when Ascii.EqualsIgnoreCase(line[..colon], "expect"u8):
                _context = _context with { AwaitsContinue = Ascii.EqualsIgnoreCase(value, "100-continue"u8) };
                break;
        }
    }
}
