using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Waypoint.Xds.Decoding;

/// <summary>Reads addresses as istiod writes them. Stricter than the BCL, which takes <c>10.1</c> and <c>0x7f.1</c> for IPv4 addresses.</summary>
internal static class AddressText
{
    private static readonly SearchValues<char> Decimal = SearchValues.Create("0123456789.");

    /// <summary>An IPv4 address of four decimal parts or an IPv6 address without scope.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (!IPAddress.TryParse(text, out address))
            return false;
        bool plain = address.AddressFamily == AddressFamily.InterNetwork
            ? text.Count('.') == 3 && !text.ContainsAnyExcept(Decimal)
            : text.IndexOfAny('%', '[', ']') < 0;
        if (!plain)
            address = null;
        return plain;
    }

    /// <summary><c>1.2.3.4:80</c> or <c>[::1]:80</c>, port 1 to 65535.</summary>
    public static bool TryParseEndpoint(string text, [NotNullWhen(true)] out IPEndPoint? endpoint)
    {
        endpoint = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !TryParsePort(text.AsSpan(colon + 1), out int port))
            return false;

        ReadOnlySpan<char> host = text.AsSpan(0, colon);
        bool bracketed = host[0] == '[' && host[^1] == ']';
        if (!TryParse(bracketed ? host[1..^1] : host, out IPAddress? address) || bracketed != (address.AddressFamily == AddressFamily.InterNetworkV6))
            return false;
        endpoint = new IPEndPoint(address, port);
        return true;
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort;
}
