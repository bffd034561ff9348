using System.Buffers;
using Waypoint.Model.FilterChains;
using Waypoint.Proxy.Wire;

namespace Waypoint.Proxy.Upstream;

/// <summary>An HTTP/1.1 connection. Responses are checked before the HTTP client reads them, which is more lenient than a proxy may be: heads that are read differently by others are refused or
/// written anew, and bytes that belong to no request never reach the next one. The client also repeats a request whose connection ended before the first byte of the answer;
/// seen as an error instead of an end, it does not.</summary>
internal sealed class Http1UpstreamStream(Stream inner, Http1Config config) : UpstreamStream(inner)
{
    private readonly RequestFollower _requests = new();
    private bool _outstanding;
    private bool _inHead;
    private bool _raw;
    private BodyFraming _body;
    private ChunkFollower _chunks;
    private HeadEnd _headEnd;
    private ArrayBufferWriter<byte>? _held;
    private WireFault? _fault;
    private byte[] _own = [];
    private int _ownAt;

    protected override bool TryServe(Span<byte> buffer, out int count)
    {
        count = Math.Min(buffer.Length, _own.Length - _ownAt);
        if (count == 0)
        {
            return _fault is null ? false : throw new WireFaultException(_fault);
        }

        _own.AsSpan(_ownAt, count).CopyTo(buffer);
        _ownAt += count;
        return true;
    }

    protected override bool HasServable => _ownAt < _own.Length || _fault is not null;

    protected override int OnRead(Span<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return _outstanding && _inHead ? throw new IOException("The upstream closed the connection before it answered.") : 0;
        }

        return _raw ? bytes.Length : Take(bytes);
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (!_raw && _requests.Follow(bytes))
        {
            (_outstanding, _inHead, _headEnd, _held) = (true, true, default, null);
        }
    }

    /// <summary>Lets through what is good, from the start of the bytes. What is wrong is thrown at the next read if good bytes come before it.</summary>
    private int Take(Span<byte> bytes)
    {
        int at = 0;
        WireFault? fault = null;
        while (at < bytes.Length && fault is null)
        {
            if (!_outstanding)
            {
                fault = WireFault.Premature;
            }
            else if (!_inHead)
            {
                at += TakeBody(bytes[at..], out fault);
            }
            else if (!TryTakeHead(bytes[at..], out int taken, out byte[]? rewritten, out fault))
            {
                break;
            }
            else if (fault is null && rewritten is null)
            {
                at += taken;
            }
            else if (rewritten is not null)
            {
                return ServeRewritten(rewritten, bytes[(at + taken)..], at);
            }
        }

        _fault ??= fault;
        return at == 0 && _fault is not null ? throw new WireFaultException(_fault) : at;
    }

    /// <summary>The head anew, and what came after the old one, are served by the next reads.</summary>
    private int ServeRewritten(byte[] head, Span<byte> rest, int before)
    {
        int good = rest.IsEmpty ? 0 : TakeQuietly(rest);
        int kept = _own.Length - _ownAt;
        if (kept > 0)
        {
            // A second head was written anew among the rest: it follows.
            _own = [.. head, .. rest[..good], .. _own.AsSpan(_ownAt)];
        }
        else
        {
            _own = [.. head, .. rest[..good]];
        }

        _ownAt = 0;
        return before;
    }

    private int TakeQuietly(Span<byte> rest)
    {
        try
        {
            return Take(rest);
        }
        catch (WireFaultException)
        {
            // Kept for the read after those that serve the head.
            return 0;
        }
    }

    private int TakeBody(ReadOnlySpan<byte> bytes, out WireFault? fault)
    {
        fault = null;
        switch (_body.Kind)
        {
            case BodyKind.Length:
                int taken = (int)Math.Min(_body.Length, bytes.Length);
                _body = BodyFraming.OfLength(_body.Length - taken);
                _outstanding = _body.Kind != BodyKind.None;
                return taken;
            case BodyKind.Chunked:
                int followed = _chunks.Follow(bytes, config.AllowLoneReturnInChunkExtension, out fault);
                _outstanding = !_chunks.IsDone;
                return fault is null ? followed : followed - 1;
            default:
                return bytes.Length;
        }
    }

    /// <summary>Takes a head; false if it is not complete, and its bytes are held.</summary>
    private bool TryTakeHead(ReadOnlySpan<byte> bytes, out int taken, out byte[]? rewritten, out WireFault? fault)
    {
        (rewritten, fault) = (null, null);
        if (_held is null)
        {
            taken = CleanResponseHead.TryRecognize(bytes, config, _requests.Context, out ResponseFraming clean);
            if (taken > 0)
            {
                Begin(clean);
                return true;
            }
        }

        taken = _headEnd.Find(bytes);
        _held ??= new ArrayBufferWriter<byte>();
        _held.Write(taken < 0 ? bytes : bytes[..taken]);
        if (_held.WrittenCount > config.MaxHeadBytes)
        {
            fault = WireFault.HeadersTooLarge;
            return true;
        }

        if (taken < 0)
        {
            return false;
        }

        ResponseHead head = ResponseHead.Read(_held.WrittenSpan, config, _requests.Context);
        (_held, _headEnd, fault) = (null, default, head.Fault);
        if (fault is null)
        {
            rewritten = head.Bytes;
            Begin(head.Framing);
        }

        return true;
    }

    private void Begin(ResponseFraming framing)
    {
        if (framing.IsInterim)
        {
            return;
        }

        (_inHead, _body, _chunks) = (false, framing.Body, default);
        _outstanding = _body.Kind != BodyKind.None;
        // Another protocol, or a response that only the connection's end ends: no further request will be written.
        _raw = _body.Kind == BodyKind.UntilEnd;
    }
}
