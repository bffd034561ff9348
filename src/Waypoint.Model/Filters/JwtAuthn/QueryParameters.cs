using System.Globalization;
using System.Text;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Query parameters that may hold a token: names and values are percent-decoded for this, unlike those that routes look at.</summary>
internal static class QueryParameters
{
    /// <summary>The first value of that name; false if there is none. Allocates only where something is encoded.</summary>
    internal static bool TryGetFirst(string path, string name, out ReadOnlyMemory<char> value)
    {
        foreach (var part in new QueryParts(path))
        {
            var text = path.AsMemory(part);
            var equals = text.Span.IndexOf('=');
            if (IsNamed(equals < 0 ? text.Span : text.Span[..equals], name))
            {
                value = equals < 0 ? default : Decode(text[(equals + 1)..]);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The path without the parameters of that name; everything else stays as it was written.</summary>
    internal static string Without(string path, string name)
    {
        var start = path.IndexOf('?', StringComparison.Ordinal);
        if (start < 0)
            return path;
        var kept = new StringBuilder(path, 0, start, path.Length);
        var any = false;
        foreach (var part in new QueryParts(path))
        {
            var text = path.AsSpan(part);
            var equals = text.IndexOf('=');
            if (IsNamed(equals < 0 ? text : text[..equals], name))
                continue;
            kept.Append(any ? '&' : '?').Append(text);
            any = true;
        }

        return kept.ToString();
    }

    private static bool IsNamed(ReadOnlySpan<char> encoded, string name) =>
        encoded.SequenceEqual(name) || (encoded.ContainsAny('%', '+') && Decode(encoded).AsSpan().SequenceEqual(name));

    private static ReadOnlyMemory<char> Decode(ReadOnlyMemory<char> encoded) =>
        encoded.Span.ContainsAny('%', '+') ? Decode(encoded.Span).AsMemory() : encoded;

    private static string Decode(ReadOnlySpan<char> encoded)
    {
        var text = new StringBuilder(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length && byte.TryParse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                text.Append((char)value);
                i += 2;
            }
            else
            {
                text.Append(encoded[i] == '+' ? ' ' : encoded[i]);
            }
        }

        return text.ToString();
    }
}
