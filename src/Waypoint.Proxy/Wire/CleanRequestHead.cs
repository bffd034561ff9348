using System.Text;
using Waypoint.Model.FilterChains;

namespace Waypoint.Proxy.Wire;

/// <summary>Recognises a request head that needs no change: the only form that most requests ever have. One pass, two vectorised searches a line; whatever is unusual, also what
/// is merely allowed, is left to <see cref="RequestHead"/>.</summary>
internal static class CleanRequestHead
{
    /// <summary>Length of the head with its blank line if it is clean; 0 otherwise, be it unusual, wrong or not complete.</summary>
    public static int TryRecognize(ReadOnlySpan<byte> bytes, Http1Config config, out BodyFraming framing)
    {
        framing = default;
        int at = RequestLineLength(bytes, config);
        if (at == 0)
        {
            return 0;
        }

        var names = config.UnderscoreHeaders == UnderscoreHeadersAction.Allow ? Http1Chars.Token : Http1Chars.TokenWithoutUnderscore;
        int lines = 0;
        bool hasHost = false;
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes[at..];
            if (rest.StartsWith("\r\n"u8))
            {
                return hasHost && lines <= config.MaxHeaderCount && at + 2 <= config.MaxHeadBytes ? at + 2 : 0;
            }

            int colon = rest.IndexOfAnyExcept(names);
            if (colon <= 0 || rest[colon] != ':')
            {
                return 0;
            }

            ReadOnlySpan<byte> value = rest[(colon + 1)..];
            int end = value.IndexOfAny(Http1Chars.NotInValue);
            if (end < 0 || end + 1 >= value.Length || value[end] != '\r' || value[end + 1] != '\n' || !IsPlain(rest[..colon], value[..end], ref hasHost, ref framing))
            {
                return 0;
            }

            lines++;
            at += colon + end + 3;
            // A line that begins with white space continues the one before.
            if (at < bytes.Length && bytes[at] is (byte)' ' or (byte)'\t')
            {
                return 0;
            }
        }
    }

    private static int RequestLineLength(ReadOnlySpan<byte> bytes, Http1Config config)
    {
        int method = bytes.IndexOf((byte)' ');
        if (method <= 0 || !RequestMethods.IsAllowed(bytes[..method], config.AllowCustomMethods) || bytes[..method].SequenceEqual("CONNECT"u8))
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = bytes[(method + 1)..];
        int target = rest.IndexOfAnyExcept(Http1Chars.Path);
        return target > 0 && rest[0] == '/' && rest[target..].StartsWith(" HTTP/1.1\r\n"u8) ? method + 1 + target + 11 : 0;
    }

    /// <summary>Whether the line is of the common form; false for whatever has to be looked at more closely.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref bool hasHost, ref BodyFraming framing)
    {
        HeaderKind kind = HeaderKinds.Of(name);
        if (kind == HeaderKind.Other)
        {
            return true;
        }

        value = HeaderKinds.Trim(value);
        switch (kind)
        {
            case HeaderKind.Host:
                bool first = !hasHost;
                hasHost = true;
                return first && HostText.IsPlain(value);
            case HeaderKind.ContentLength when framing.Kind == BodyKind.None && HeaderKinds.TryParseLength(value, out long length):
                // Zero is left to the closer look when it is repeated: as a framing it cannot be told from none.
                framing = new(BodyKind.Length, length);
                return true;
            case HeaderKind.TransferEncoding when framing.Kind == BodyKind.None && Ascii.EqualsIgnoreCase(value, "chunked"u8):
                framing = new(BodyKind.Chunked, 0);
                return true;
            case HeaderKind.Connection:
                return Ascii.EqualsIgnoreCase(value, "keep-alive"u8) || Ascii.EqualsIgnoreCase(value, "close"u8);
            default:
                return false;
        }
    }
}
