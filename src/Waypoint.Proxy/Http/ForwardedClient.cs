using System.Net;
using Microsoft.Extensions.Primitives;

namespace Waypoint.Proxy.Http;

/// <summary>The client's address as <c>x-forwarded-for</c> tells it (<c>use_remote_address: false</c>): its last entry, else the tunnel's peer.</summary>
internal static class ForwardedClient
{
    /// <summary>Null if the last entry is no address.</summary>
    public static IPAddress? AddressOf(HttpExchange exchange)
    {
        StringValues lines = exchange.Context.Request.Headers["x-forwarded-for"];
        if (lines.Count == 0)
        {
            return exchange.Tunnel.Source.Address;
        }

        ReadOnlySpan<char> last = lines[^1];
        int comma = last.LastIndexOf(',');
        return IPAddress.TryParse((comma < 0 ? last : last[(comma + 1)..]).Trim(), out IPAddress? address) ? address : null;
    }
}
