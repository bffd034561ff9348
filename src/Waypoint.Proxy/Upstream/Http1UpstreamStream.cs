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
    private UploadContent? _content;
    private Upload? _upload;
    private InterimTarget _interims;
    private bool _continued;
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

    /// <summary>The client is about to write the body of the request: from now on its bytes are dropped, and the real ones are the upload's to write. Null if nobody needs them any more.</summary>
    /// <param name="length">The announced length; null: chunks.</param>
    public Upload? BeginUpload(long? length)
    {
        var upload = new Upload(Inner, length);
        _upload = upload;
        // Seen by the reader before it finds the answer complete, or the other way round.
        Interlocked.MemoryBarrier();
        return _outstanding ? upload : null;
    }

    protected override int OnRead(Span<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            bool early = _outstanding && _inHead;
            EndAnswer();
            return early ? throw new IOException("The upstream closed the connection before it answered.") : 0;
        }

        int kept = _raw ? bytes.Length : Take(bytes);
        if (!_outstanding)
        {
            EndAnswer();
        }

        return kept;
    }

    protected override ReadOnlyMemory<byte> OnWrite(ReadOnlyMemory<byte> bytes)
    {
        bool drops = _upload is not null && _requests.IsInBody;
        if (_raw && !drops)
        {
            return bytes;
        }

        if (_requests.Follow(bytes.Span))
        {
            (_outstanding, _inHead, _headEnd, _held) = (true, true, default, null);
            Link(RequestBeingWritten.Take());
        }

        return drops ? default : bytes;
    }

    protected override void OnDispose() => _upload?.Stop();

    private void Link(HttpRequestMessage? request)
    {
        (_upload, _content, _continued) = (null, request?.Content as UploadContent, false);
        _interims = (request as UpstreamRequest)?.Interims ?? default;
        _content?.Attach(this);
    }

    /// <summary>Nothing more comes for the request: the rest of its body is nobody's.</summary>
    private void EndAnswer()
    {
        if (_content is not null)
        {
            _outstanding = false;
            Interlocked.MemoryBarrier();
            _upload?.Stop();
        }
    }

    /// <summary>True if the request is still being sent: no other may follow it on this connection.</summary>
    private bool IsSending => _content is not null && (_upload is { } upload ? !upload.IsComplete : _requests.IsInBody);

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
            else if (rewritten is { Length: > 0 })
            {
                return ServeRewritten(rewritten, bytes[(at + taken)..], at);
            }
            else if (rewritten is not null)
            {
                // Nothing is to stand here: what follows moves up.
                bytes[(at + taken)..].CopyTo(bytes[at..]);
                bytes = bytes[..^taken];
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

    /// <summary>Whether the HTTP client sees the head. Of interim responses it wants none but the 100 that lets it send the body; they go to our client past it.</summary>
    private bool Begins(ResponseHead head)
    {
        if (!head.Framing.IsInterim)
        {
            return true;
        }

        if (head.Framing.Status == 100 && _requests.Context.AwaitsContinue && !_continued)
        {
            // Our client gets it from the inner server, when its body is read.
            return _continued = true;
        }

        _interims.Send(head);
        return false;
    }

    /// <summary>Takes a head; false if it is not complete, and its bytes are held. Rewritten to nothing: it is passed over.</summary>
    private bool TryTakeHead(ReadOnlySpan<byte> bytes, out int taken, out byte[]? rewritten, out WireFault? fault)
    {
        (rewritten, fault) = (null, null);
        if (_held is null)
        {
            taken = CleanResponseHead.TryRecognize(bytes, config, _requests.Context, out ResponseFraming clean);
            if (taken > 0 && !clean.IsInterim && !IsSending)
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

        ResponseHead head = ResponseHead.Read(_held.WrittenSpan, config, _requests.Context, IsSending);
        (_held, _headEnd, fault) = (null, default, head.Fault);
        if (fault is null)
        {
            rewritten = Begins(head) ? head.Bytes : [];
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
