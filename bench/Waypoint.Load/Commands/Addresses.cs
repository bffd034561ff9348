using System.Net;

namespace Waypoint.Load.Commands;

/// <summary>Addresses on the command line.</summary>
internal static class Addresses
{
    /// <summary><c>IP[,IP]</c>.</summary>
    public static IReadOnlyList<IPAddress> ParseList(string text) => [.. text.Split(',').Select(IPAddress.Parse)];

    /// <summary><c>IP:PORT=IP:PORT</c>: where to listen, and the address that the tunnels are for.</summary>
    public static (IPEndPoint Listen, IPEndPoint Authority) ParseMapping(string text)
    {
        string[] parts = text.Split('=');
        return parts.Length == 2 ? (IPEndPoint.Parse(parts[0]), IPEndPoint.Parse(parts[1])) : throw new FormatException($"'{text}': expected IP:PORT=IP:PORT.");
    }
}
