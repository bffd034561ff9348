using System.Net;

namespace Waypoint.Proxy.Http;

/// <summary>The client's address as the connection manager believes it: what <c>x-forwarded-for</c> tells, else the tunnel's peer.</summary>
internal static class ForwardedClient
{
    /// <summary>The address.</summary>
    public static IPAddress AddressOf(HttpExchange exchange) => exchange.ForwardedAddress ?? exchange.Tunnel.Source.Address;
}
