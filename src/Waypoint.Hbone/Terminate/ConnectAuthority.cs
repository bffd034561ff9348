using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Waypoint.Hbone.Terminate;

/// <summary>The <c>:authority</c> of a CONNECT, read strictly: what two readers could understand in two ways is refused.</summary>
internal sealed record ConnectAuthority(string Host, IPAddress? Address, int Port)
{
    private const int MaxLength = 320;
    private const int MaxHostName = 253;

    private static readonly SearchValues<char> HostChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> Ipv6Chars = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads <c>ipv4:port</c>, <c>[ipv6]:port</c> or <c>host:port</c>. The port is decimal, 1-65535; no user info, zone, sign or blank.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConnectAuthority? authority)
    {
        authority = null;
        int colon = text.LastIndexOf(':');
        if (text.Length > MaxLength || colon <= 0 || !TryParsePort(text.AsSpan(colon + 1), out int port))
            return false;
        ReadOnlySpan<char> host = text.AsSpan(0, colon);
        if (host[0] == '[')
            return TryParseIpv6(host, port, out authority);
        return IsNumeric(host) ? TryParseIpv4(host, port, out authority) : TryParseHostName(host, port, out authority);
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out int port)
    {
        port = 0;
        return text.Length is >= 1 and <= 5 && !text.ContainsAnyExcept(Digits)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
    }

    private static bool TryParseIpv6(ReadOnlySpan<char> host, int port, out ConnectAuthority? authority)
    {
        authority = null;
        if (host.Length < 4 || host[^1] != ']')
            return false;
        ReadOnlySpan<char> inner = host[1..^1];
        if (inner.ContainsAnyExcept(Ipv6Chars) || !IPAddress.TryParse(inner, out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        authority = new ConnectAuthority(address.ToString(), address, port);
        return true;
    }

    // A last label of digits, or of a number in another base, makes a text an address for some resolvers: only the dotted quad is one here.
    private static bool IsNumeric(ReadOnlySpan<char> host)
    {
        ReadOnlySpan<char> last = host[(host.LastIndexOf('.') + 1)..];
        return !last.IsEmpty && (!last.ContainsAnyExcept(Digits) || (last.Length > 1 && last[0] == '0' && last[1] is 'x' or 'X'));
    }

    private static bool TryParseIpv4(ReadOnlySpan<char> host, int port, out ConnectAuthority? authority)
    {
        authority = null;
        Span<Range> parts = stackalloc Range[5];
        if (host.Split(parts, '.') != 4)
            return false;
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<char> part = host[parts[i]];
            if (part.Length > 3 || (part.Length > 1 && part[0] == '0') || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]))
                return false;
        }
        var address = new IPAddress(bytes);
        authority = new ConnectAuthority(address.ToString(), address, port);
        return true;
    }

    private static bool TryParseHostName(ReadOnlySpan<char> host, int port, out ConnectAuthority? authority)
    {
        authority = null;
        if (host[^1] == '.')
            host = host[..^1];
        if (host.IsEmpty || host.Length > MaxHostName)
            return false;
        string name = host.ToString().ToLowerInvariant();
        if (name.AsSpan().ContainsAnyExcept(HostChars) || name[0] == '.' || name.Contains("..", StringComparison.Ordinal))
            return false;
        authority = new ConnectAuthority(name, null, port);
        return true;
    }
}
