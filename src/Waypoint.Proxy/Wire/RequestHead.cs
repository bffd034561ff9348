using System.Text;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Wire;

/// <summary>A request head of an unusual form: understood as Envoy's codec would, refused, or written anew in the one form that the inner server and everybody behind it read alike.</summary>
internal sealed class RequestHead
{
    private readonly Http1Config _config;
    private readonly List<HeaderLine> _lines = [];
    private string _method = "";
    private string _target = "";
    private bool _isHttp11;
    private string? _absoluteHost;

    private RequestHead(Http1Config config) => _config = config;

    /// <summary>Why it is refused, or null.</summary>
    public WireFault? Fault { get; private set; }

    /// <summary>The head as the inner server gets it.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>Framing of what follows.</summary>
    public BodyFraming Framing { get; private set; }

    /// <summary>True if another protocol may follow: after CONNECT and upgrades nothing is HTTP.</summary>
    public bool IsPayload { get; private set; }

    /// <summary>The target where the inner server must not see it; null: as in <see cref="Bytes"/>.</summary>
    public string? Target { get; private set; }

    /// <summary>The host where the inner server would refuse it; null: as in <see cref="Bytes"/>.</summary>
    public string? Host { get; private set; }

    /// <summary>Reads a whole head, with the blank lines in front of it and the one that ends it.</summary>
    public static RequestHead Read(ReadOnlySpan<byte> bytes, Http1Config config)
    {
        var head = new RequestHead(config);
        bytes = bytes.TrimStart("\r\n"u8);
        head.Fault = CheckRequestLine(HeadText.TakeLine(ref bytes), config, out head._method, out head._target, out head._isHttp11)
            ?? HeadText.ReadLines(bytes, head._lines)
            ?? head.Understand();
        if (head.Fault is null)
        {
            head.Write();
        }

        return head;
    }

    /// <summary>Checks a request line that came alone, without waiting for the rest.</summary>
    public static WireFault? CheckRequestLine(ReadOnlySpan<byte> line, Http1Config config) => CheckRequestLine(line, config, out _, out _, out _);

    private static WireFault? CheckRequestLine(ReadOnlySpan<byte> line, Http1Config config, out string method, out string target, out bool isHttp11)
    {
        ReadOnlySpan<byte> methodBytes = TakeWord(ref line);
        ReadOnlySpan<byte> targetBytes = TakeWord(ref line);
        ReadOnlySpan<byte> version = line.TrimStart(Separators).TrimEnd(Separators);
        (method, target, isHttp11) = (Encoding.Latin1.GetString(methodBytes), Encoding.Latin1.GetString(targetBytes), version.SequenceEqual("HTTP/1.1"u8));
        if (!RequestMethods.IsAllowed(methodBytes, config.AllowCustomMethods))
        {
            return WireFault.Method;
        }

        if (!RequestTarget.IsValid(targetBytes, methodBytes.SequenceEqual("CONNECT"u8)))
        {
            return WireFault.Target;
        }

        // Without a version it is HTTP/0.9, which is treated as 1.0.
        return version.IsEmpty || IsVersion(version) ? null : WireFault.Version;
    }

    private static ReadOnlySpan<byte> Separators => " \t\r\v\f"u8;

    private static bool IsVersion(ReadOnlySpan<byte> version) =>
        version.Length == 8 && version.StartsWith("HTTP/"u8) && char.IsAsciiDigit((char)version[5]) && version[6] == '.' && char.IsAsciiDigit((char)version[7]);

    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(Separators);
        int end = line.IndexOfAny(Separators);
        ReadOnlySpan<byte> word = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[end..];
        return word;
    }

    private WireFault? Understand()
    {
        if (_lines.Count > _config.MaxHeaderCount)
        {
            return WireFault.TooManyHeaders;
        }

        return UnderstandUnderscores() ?? UnderstandHost() ?? ConnectionTokens.Apply(_lines, _config, out bool isUpgrade) ?? UnderstandFraming(isUpgrade);
    }

    private WireFault? UnderstandUnderscores()
    {
        if (_config.UnderscoreHeaders == UnderscoreHeadersAction.Allow)
        {
            return null;
        }

        int dropped = _lines.RemoveAll(static line => line.Name.AsSpan().Contains((byte)'_'));
        if (dropped == 0)
        {
            return null;
        }

        if (_config.UnderscoreHeaders == UnderscoreHeadersAction.RejectRequest)
        {
            WireCounters.UnderscoreRejected();
            return WireFault.Underscore;
        }

        WireCounters.UnderscoreDropped(dropped);
        return null;
    }

    private WireFault? UnderstandHost()
    {
        if (_method == "CONNECT")
        {
            // The target is the authority; servers refuse a Host that says otherwise.
            _absoluteHost = _target;
        }
        else if (_target[0] != '/' && UnderstandTarget() is { } fault)
        {
            return fault;
        }

        int hosts = 0;
        for (int i = _lines.Count - 1; i >= 0; i--)
        {
            if (_lines[i].Kind != HeaderKind.Host)
            {
                continue;
            }

            if (!HostText.IsValid(_lines[i].Value))
            {
                return WireFault.Authority;
            }

            if (++hosts > 1)
            {
                return WireFault.SeveralHosts;
            }
        }

        int at = _lines.FindIndex(static line => line.Kind == HeaderKind.Host);
        string? host = _absoluteHost ?? (at < 0 ? null : Encoding.Latin1.GetString(_lines[at].Value));
        if (at >= 0)
        {
            _lines.RemoveAt(at);
        }

        // An empty one in front of a request without: that a host is missing is answered where requests are logged.
        byte[] value = Encoding.Latin1.GetBytes(host ?? "");
        if (value.Length > 0 && !HostText.IsPlain(value))
        {
            Host = host;
            value = [];
        }

        if (_isHttp11 || host is not null)
        {
            _lines.Insert(0, new HeaderLine("Host"u8.ToArray(), value));
        }

        return null;
    }

    /// <summary>Makes a path and a host of a target with scheme and host, so that nobody has to choose between two hosts.</summary>
    private WireFault? UnderstandTarget()
    {
        if (_target == "*" && _method == "OPTIONS")
        {
            return null;
        }

        if (!_config.AllowAbsoluteUrl)
        {
            Target = _target;
            _target = "/";
            return null;
        }

        if (_target[0] == '*')
        {
            return WireFault.Url;
        }

        int host = _target.IndexOf("://", StringComparison.Ordinal) + 3;
        int path = _target.AsSpan(host).IndexOfAny('/', '?');
        _absoluteHost = path < 0 ? _target[host..] : _target.Substring(host, path);
        string rest = path < 0 ? "" : _target[(host + path)..];
        _target = rest is ['/', ..] ? rest : "/" + rest;
        byte[] bytes = Encoding.Latin1.GetBytes(_absoluteHost);
        return bytes.Length == 0 || bytes.AsSpan().Contains((byte)'@') || !HostText.IsValid(bytes) || !HostText.HasPossiblePort(bytes) ? WireFault.Url : null;
    }

    private WireFault? UnderstandFraming(bool isUpgrade)
    {
        List<HeaderLine> lengths = _lines.FindAll(static line => line.Kind == HeaderKind.ContentLength);
        List<HeaderLine> encodings = _lines.FindAll(static line => line.Kind == HeaderKind.TransferEncoding);
        long length = 0;
        if (lengths.Count > 1 || (lengths.Count == 1 && !HeaderKinds.TryParseLength(lengths[0].Value, out length)))
        {
            return WireFault.Length;
        }

        bool isConnect = _method == "CONNECT";
        if (encodings.Count > 1 || (encodings.Count == 1 && (isConnect || !Ascii.EqualsIgnoreCase(encodings[0].Value, "chunked"u8))))
        {
            return WireFault.TransferEncoding;
        }

        if (isConnect && length != 0)
        {
            return WireFault.Length;
        }

        IsPayload = isConnect || isUpgrade;
        if (IsPayload)
        {
            // Whatever follows is the other protocol's.
            _lines.RemoveAll(static line => line.Kind is HeaderKind.ContentLength or HeaderKind.TransferEncoding);
            return null;
        }

        if (encodings.Count == 0)
        {
            Framing = BodyFraming.OfLength(length);
            return null;
        }

        if (lengths.Count > 0 && !_config.AllowChunkedLength)
        {
            return WireFault.LengthAndChunked;
        }

        _lines.RemoveAll(static line => line.Kind == HeaderKind.ContentLength);
        Framing = new(BodyKind.Chunked, 0);
        return null;
    }

    private void Write()
    {
        var text = new HeadWriter();
        text.Add(Encoding.Latin1.GetBytes(_method));
        text.Add(" "u8);
        text.Add(Encoding.Latin1.GetBytes(_target));
        text.Add(_isHttp11 ? " HTTP/1.1\r\n"u8 : " HTTP/1.0\r\n"u8);
        text.Add(_lines);
        Bytes = text.ToArray();
    }
}
