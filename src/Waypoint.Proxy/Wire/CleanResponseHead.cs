using System.Text;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Wire;

/// <summary>Recognises a response head that needs no change, as <see cref="CleanRequestHead"/> does for requests. The rest is left to <see cref="ResponseHead"/>.</summary>
internal static class CleanResponseHead
{
    // "HTTP/1.1 200"
    private const int StatusEnd = 12;

    /// <summary>Length of the head with its blank line if it is clean; 0 otherwise, be it unusual, wrong or not complete.</summary>
    public static int TryRecognize(ReadOnlySpan<byte> bytes, Http1Config config, ResponseContext context, out ResponseFraming framing)
    {
        framing = default;
        if (!TryReadStatus(bytes, out int status, out int at))
        {
            return 0;
        }

        int lines = 0;
        BodyFraming declared = default;
        bool hasFraming = false;
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes[at..];
            if (rest.StartsWith("\r\n"u8))
            {
                bool fits = lines <= config.MaxHeaderCount && at + 2 <= config.MaxHeadBytes;
                bool mayHaveBody = !hasFraming || status is not ((>= 100 and < 200) or 204);
                framing = new(status, ResponseFraming.BodyOf(status, context, declared, hasFraming));
                return fits && mayHaveBody ? at + 2 : 0;
            }

            int colon = rest.IndexOfAnyExcept(Http1Chars.Token);
            if (colon <= 0 || rest[colon] != ':')
            {
                return 0;
            }

            ReadOnlySpan<byte> value = rest[(colon + 1)..];
            int end = value.IndexOfAny(Http1Chars.NotInValue);
            if (end < 0 || end + 1 >= value.Length || value[end] != '\r' || value[end + 1] != '\n'
                || !IsPlain(rest[..colon], value[..end], status, ref hasFraming, ref declared))
            {
                return 0;
            }

            lines++;
            at += colon + end + 3;
            if (at < bytes.Length && bytes[at] is (byte)' ' or (byte)'\t')
            {
                return 0;
            }
        }
    }

    private static bool TryReadStatus(ReadOnlySpan<byte> bytes, out int status, out int length)
    {
        (status, length) = (0, 0);
        if (bytes.Length <= StatusEnd + 1 || !(bytes.StartsWith("HTTP/1.1 "u8) || bytes.StartsWith("HTTP/1.0 "u8))
            || bytes[9..StatusEnd].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        status = ((bytes[9] - '0') * 100) + ((bytes[10] - '0') * 10) + bytes[11] - '0';
        int end = bytes[StatusEnd..].IndexOfAny(Http1Chars.NotInValue);
        length = StatusEnd + end + 2;
        return status >= 100 && bytes[StatusEnd] is (byte)' ' or (byte)'\r' && end >= 0 && length <= bytes.Length && bytes[(length - 2)..length].SequenceEqual("\r\n"u8);
    }

    private static bool IsPlain(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int status, ref bool hasFraming, ref BodyFraming declared)
    {
        HeaderKind kind = HeaderKinds.Of(name);
        switch (kind)
        {
            case HeaderKind.ContentLength when !hasFraming && HeaderKinds.TryParseLength(HeaderKinds.Trim(value), out long length):
                hasFraming = true;
                declared = BodyFraming.OfLength(length);
                return true;
            case HeaderKind.TransferEncoding when !hasFraming && Ascii.EqualsIgnoreCase(HeaderKinds.Trim(value), "chunked"u8):
                hasFraming = true;
                declared = new(BodyKind.Chunked, 0);
                return true;
            case HeaderKind.Upgrade:
                return status == 101;
            default:
                return kind is HeaderKind.Other or HeaderKind.Connection or HeaderKind.Host;
        }
    }
}
