using System.Net;

namespace Waypoint.Hosting;

/// <summary>What <c>waypoint run --demo</c> was asked for.</summary>
internal sealed record DemoSettings
{
    /// <summary>Where the waypoint listens.</summary>
    public required IPEndPoint Hbone { get; init; }

    /// <summary>The local port for curl.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Where the demo's control plane and certificate authority listen, in plain text. Whoever reaches it gets any certificate of the demo's mesh.</summary>
    public required IPEndPoint ControlPlane { get; init; }
}
