using System.Globalization;
using System.Net;

namespace Waypoint.Agent;

/// <summary>An address of a server: host name or IP address, and port.</summary>
/// <param name="Host">Without brackets.</param>
/// <param name="Port">1 to 65535.</param>
internal sealed record HostAndPort(string Host, int Port)
{
    /// <summary>What a message lists as accepted.</summary>
    public const string Accepted = "HOST:PORT, [IPV6]:PORT";

    public static bool TryParse(string text, out HostAndPort value)
    {
        value = new HostAndPort("", 0);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            return false;
        var host = text[..colon];
        if (host is ['[', .. var inside, ']'])
            host = inside;
        else if (host.Contains(':', StringComparison.Ordinal))
            return false;
        value = new HostAndPort(host, port);
        return host.Length > 0;
    }

    /// <summary>The host part of an address that may lack a port.</summary>
    public static string HostOf(string address) => TryParse(address, out var found) ? found.Host : address;

    /// <summary>True for <c>localhost</c> and loopback addresses: a forwarded istiod, whose certificate has its real name.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
