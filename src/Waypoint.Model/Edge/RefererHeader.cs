using System.Buffers;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Edge;

/// <summary>Removes a <c>referer</c> that is repeated or no URI: it reaches logs and applications that trust its form.</summary>
internal static class RefererHeader
{
    private static readonly SearchValues<char> UriChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    private static readonly SearchValues<char> SchemeChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    public static void Sanitize<THeaders>(ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        var count = headers.Count("referer");
        if (count > 1 || (count == 1 && !IsValid(headers.Get("referer", 0))))
            headers.Remove("referer");
    }

    private static bool IsValid(ReadOnlySpan<char> value)
    {
        if (value.ContainsAnyExcept(UriChars))
            return false;
        var scheme = value.IndexOf("://");
        // A slash before it: the "://" belongs to a path or a query.
        if (scheme < 0 || value[..scheme].IndexOfAny('/', '?') >= 0)
            return true;
        return scheme > 0 && char.IsAsciiLetter(value[0]) && !value[..scheme].ContainsAnyExcept(SchemeChars) && value.Length > scheme + 3;
    }
}
