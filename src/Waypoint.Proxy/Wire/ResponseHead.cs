using System.Text;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Wire;

/// <summary>A response head of an unusual form: understood as Envoy's codec would and written anew, or refused.</summary>
internal sealed class ResponseHead
{
    private readonly Http1Config _config;
    private readonly ResponseContext _context;
    private readonly List<HeaderLine> _lines = [];
    private int _status;
    private string _reason = "";
    private bool _isHttp10;

    private ResponseHead(Http1Config config, ResponseContext context) => (_config, _context) = (config, context);

    /// <summary>Why it is refused, or null.</summary>
    public WireFault? Fault { get; private set; }

    /// <summary>The head as the HTTP client gets it.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>What follows.</summary>
    public ResponseFraming Framing { get; private set; }

    /// <summary>The lines as they were understood.</summary>
    public IReadOnlyList<HeaderLine> Lines => _lines;

    /// <summary>The reason phrase; may be empty.</summary>
    public string Reason => _reason;

    /// <summary>Reads a whole head with the blank line that ends it.</summary>
    /// <param name="bytes">The head.</param>
    /// <param name="config">How to read it.</param>
    /// <param name="context">The request.</param>
    /// <param name="endsConnection">The HTTP client is to use the connection no more, whatever the head says.</param>
    public static ResponseHead Read(ReadOnlySpan<byte> bytes, Http1Config config, ResponseContext context, bool endsConnection = false)
    {
        var head = new ResponseHead(config, context);
        head.Fault = head.ReadStatusLine(HeadText.TakeLine(ref bytes)) ?? HeadText.ReadLines(bytes, head._lines) ?? head.Understand();
        if (head.Fault is null)
        {
            if (endsConnection && head.Framing is { IsInterim: false, Body.Kind: not BodyKind.UntilEnd })
            {
                head._lines.RemoveAll(static line => line.Kind == HeaderKind.Connection);
                head._lines.Add(new HeaderLine("Connection"u8.ToArray(), "close"u8.ToArray()));
            }

            head.Write();
        }

        return head;
    }

    private WireFault? ReadStatusLine(ReadOnlySpan<byte> line)
    {
        // HTTP/d.d ddd reason
        if (line.Length < 12 || !line.StartsWith("HTTP/"u8) || !IsDigit(line[5]) || line[6] != '.' || !IsDigit(line[7]) || line[8] != ' '
            || line[9..12].ContainsAnyExceptInRange((byte)'0', (byte)'9') || (line.Length > 12 && line[12] != ' '))
        {
            return WireFault.StatusLine;
        }

        _isHttp10 = line[5..8].SequenceEqual("1.0"u8);
        _status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + line[11] - '0';
        ReadOnlySpan<byte> reason = line.Length > 13 ? line[13..] : default;
        _reason = reason.ContainsAny(Http1Chars.NotInValue) ? "" : Encoding.Latin1.GetString(reason);
        return _status < 100 ? WireFault.StatusLine : null;
    }

    private static bool IsDigit(byte value) => char.IsAsciiDigit((char)value);

    private WireFault? Understand()
    {
        if (_lines.Count > _config.MaxHeaderCount)
        {
            return WireFault.TooManyHeaders;
        }

        List<HeaderLine> lengths = _lines.FindAll(static line => line.Kind == HeaderKind.ContentLength);
        List<HeaderLine> encodings = _lines.FindAll(static line => line.Kind == HeaderKind.TransferEncoding);
        long length = 0;
        if (lengths.Count > 1 || (lengths.Count == 1 && !HeaderKinds.TryParseLength(lengths[0].Value, out length)))
        {
            return WireFault.Length;
        }

        if (encodings.Count > 1 || (encodings.Count == 1 && !Ascii.EqualsIgnoreCase(encodings[0].Value, "chunked"u8)))
        {
            return WireFault.TransferEncoding;
        }

        if (_status is (>= 100 and < 200) or 204 && (encodings.Count > 0 || length > 0))
        {
            return WireFault.BodyNotAllowed;
        }

        if (_status is (>= 100 and < 200) or 204)
        {
            // A length of zero says what the status says already.
            _lines.RemoveAll(static line => line.Kind == HeaderKind.ContentLength);
            lengths.Clear();
        }

        if (_context.IsUpgrade && _status != 101 && AnswersUpgrade())
        {
            // Some servers agree with another status: whatever follows is the other protocol's.
            _lines.RemoveAll(static line => line.Kind is HeaderKind.ContentLength or HeaderKind.TransferEncoding);
            Framing = new(_status, new(BodyKind.UntilEnd, 0));
            return null;
        }

        if (encodings.Count > 0 && lengths.Count > 0)
        {
            if (!_config.AllowChunkedLength)
            {
                return WireFault.LengthAndChunked;
            }

            _lines.RemoveAll(static line => line.Kind == HeaderKind.ContentLength);
        }

        BodyFraming declared = encodings.Count > 0 ? new(BodyKind.Chunked, 0) : BodyFraming.OfLength(length);
        Framing = new(_status, ResponseFraming.BodyOf(_status, _context, declared, encodings.Count > 0 || lengths.Count > 0));
        return null;
    }

    private bool AnswersUpgrade() =>
        _lines.Exists(static line => line.Kind == HeaderKind.Upgrade)
        && _lines.Exists(static line => line.Kind == HeaderKind.Connection && Encoding.Latin1.GetString(line.Value).Contains("upgrade", StringComparison.OrdinalIgnoreCase));

    private void Write()
    {
        var text = new HeadWriter();
        text.Add(Encoding.Latin1.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"HTTP/1.{(_isHttp10 ? 0 : 1)} {_status:000} {_reason}\r\n")));
        text.Add(_lines);
        Bytes = text.ToArray();
    }
}
