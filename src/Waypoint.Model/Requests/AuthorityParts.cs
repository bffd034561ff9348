using System.Buffers;
using System.Globalization;
using System.Net;

namespace Waypoint.Model.Requests;

/// <summary>An authority taken apart.</summary>
/// <param name="Host">The host; an IPv6 address without brackets.</param>
/// <param name="IsAddress">The host is an IP address.</param>
/// <param name="Port">The port; null if there is none that could be one, and then a colon belongs to <paramref name="Host"/>.</param>
public readonly record struct AuthorityParts(string Host, bool IsAddress, int? Port)
{
    private static readonly SearchValues<char> Ipv4Characters = SearchValues.Create("0123456789.");

    /// <summary>Takes an authority apart.</summary>
    public static AuthorityParts Parse(string authority)
    {
        var host = authority;
        int? port = null;
        var colon = authority.LastIndexOf(':');
        if (colon >= 0 && authority[^1] != ']'
            && ushort.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            host = authority[..colon];
            port = number;
        }

        var address = host is ['[', .., ']'] ? host[1..^1] : host;
        return IsIpAddress(address) ? new AuthorityParts(address, true, port) : new AuthorityParts(host, false, port);
    }

    /// <summary>True for an IPv4 address of four decimal parts and for an IPv6 address; the shorter forms of IPv4 are host names here.</summary>
    private static bool IsIpAddress(string text) =>
        (text.Contains(':', StringComparison.Ordinal) || text.AsSpan().Count('.') == 3 && !text.AsSpan().ContainsAnyExcept(Ipv4Characters))
        && !text.AsSpan().ContainsAny('%', '[', '/') && IPAddress.TryParse(text, out _);
}
