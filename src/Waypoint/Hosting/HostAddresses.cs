using System.Net;
using System.Net.Sockets;

namespace Waypoint.Hosting;

/// <summary>Where the waypoint listens.</summary>
internal static class HostAddresses
{
    /// <summary>Port of HBONE.</summary>
    public const int HbonePort = 15008;

    /// <summary>Port of the demo's control plane and certificate authority, the plain-text port of istiod.</summary>
    public const int DemoControlPlanePort = 15010;

    /// <summary>15008 on the given addresses, or on all: one dual-stack socket, or IPv4 only where the kernel has no IPv6.</summary>
    public static IReadOnlyList<IPEndPoint> Hbone(IReadOnlyList<IPAddress> bind) =>
        [.. bind.DefaultIfEmpty(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any).Select(address => new IPEndPoint(address, HbonePort))];
}
