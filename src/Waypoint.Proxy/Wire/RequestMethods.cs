using System.Collections.Frozen;

namespace Waypoint.Proxy.Wire;

/// <summary>The methods that pass without <c>allow_custom_methods</c>.</summary>
internal static class RequestMethods
{
    private static readonly FrozenSet<string> Known = new[]
    {
        "ACL", "BIND", "CHECKOUT", "CONNECT", "COPY", "DELETE", "GET", "HEAD", "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MOVE", "MSEARCH", "M-SEARCH",
        "NOTIFY", "OPTIONS", "PATCH", "POST", "PROPFIND", "PROPPATCH", "PURGE", "PUT", "REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "TRACE", "UNBIND", "UNLINK",
        "UNLOCK", "UNSUBSCRIBE",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether <paramref name="method"/> may be used.</summary>
    public static bool IsAllowed(ReadOnlySpan<byte> method, bool allowCustom)
    {
        if (allowCustom)
        {
            return !method.IsEmpty && !method.ContainsAnyExcept(Http1Chars.Token);
        }

        // The common ones without the set.
        if (method.SequenceEqual("GET"u8) || method.SequenceEqual("POST"u8) || method.SequenceEqual("PUT"u8))
        {
            return true;
        }

        const int Longest = 16;
        if (method.Length is 0 or > Longest)
        {
            return false;
        }

        Span<char> text = stackalloc char[method.Length];
        for (int i = 0; i < method.Length; i++)
        {
            text[i] = (char)method[i];
        }

        return Known.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text);
    }
}
