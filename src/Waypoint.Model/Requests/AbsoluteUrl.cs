using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Waypoint.Model.Requests;

/// <summary>A URL in absolute form, or the host and port of a CONNECT request, taken apart as Envoy does for request lines and referers.</summary>
/// <param name="Scheme">As written; empty in the form of CONNECT.</param>
/// <param name="HostAndPort">The authority without user information.</param>
/// <param name="PathAndQuery">Path, query and fragment; <c>/</c> where there is nothing, empty in the form of CONNECT.</param>
/// <param name="HasUserInformation">Something stood before an <c>@</c>.</param>
public sealed record AbsoluteUrl(string Scheme, string HostAndPort, string PathAndQuery, bool HasUserInformation)
{
    private const string SchemeEnd = "://";

    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-.");

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_");

    /// <summary>True if a fragment follows.</summary>
    public bool HasFragment => PathAndQuery.Contains('#', StringComparison.Ordinal);

    /// <summary>Takes a URL apart; false if it is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isConnect">Only host and port are expected, and both are required.</param>
    /// <param name="url">The parts.</param>
    public static bool TryParse(string text, bool isConnect, [NotNullWhen(true)] out AbsoluteUrl? url)
    {
        url = null;
        var scheme = "";
        var start = 0;
        if (!isConnect)
        {
            var end = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
            if (end <= 0 || !IsScheme(text.AsSpan(0, end)))
                return false;
            scheme = text[..end];
            start = end + SchemeEnd.Length;
        }

        var authorityEnd = text.AsSpan(start).IndexOfAny('/', '?', '#') is >= 0 and var length ? start + length : text.Length;
        var authority = text[start..authorityEnd];
        var at = authority.LastIndexOf('@');
        if (at >= 0)
            authority = authority[(at + 1)..];
        var rest = text[authorityEnd..];
        if (!IsAuthority(authority, needsPort: isConnect) || rest.StartsWith('#') || rest.AsSpan().ContainsAnyInRange('\0', ' ') || (isConnect && (rest.Length > 0 || at >= 0)))
            return false;
        url = new AbsoluteUrl(scheme, authority, rest.Length > 0 || isConnect ? rest : "/", at >= 0);
        return true;
    }

    private static bool IsAuthority(string authority, bool needsPort)
    {
        var parts = AuthorityParts.Parse(authority);
        if (parts.Port is null && needsPort)
            return false;
        if (authority.StartsWith('['))
            return parts.IsAddress && IsPortOrNothing(authority.AsSpan(authority.IndexOf(']', StringComparison.Ordinal) + 1));
        return parts.Host.Length > 0 && !parts.Host.AsSpan().ContainsAnyExcept(HostCharacters);
    }

    /// <summary>A letter, then letters, digits and <c>+ - .</c> (RFC 3986, 3.1).</summary>
    private static bool IsScheme(ReadOnlySpan<char> text) => char.IsAsciiLetter(text[0]) && !text.ContainsAnyExcept(SchemeCharacters);

    private static bool IsPortOrNothing(ReadOnlySpan<char> text) =>
        text.IsEmpty || text[0] == ':' && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
