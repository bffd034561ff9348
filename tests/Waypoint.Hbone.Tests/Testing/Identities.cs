using System.Net;
using Waypoint.Hbone.Connections;
using Waypoint.Model.Identity;

namespace Waypoint.Hbone.Tests.Testing;

internal static class Identities
{
    public static readonly SpiffeId Client = SpiffeId.Create("cluster.local", "shop", "web")!;
    public static readonly SpiffeId Waypoint = SpiffeId.Create("cluster.local", "shop", "waypoint")!;

    public static ConnectionPeer Peer { get; } = new(Client, Waypoint, new IPEndPoint(IPAddress.Parse("10.244.1.5"), 40000), new IPEndPoint(IPAddress.Parse("10.244.2.9"), 15008));
}
