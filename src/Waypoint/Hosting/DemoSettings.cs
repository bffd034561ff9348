using System.Net;

namespace Waypoint.Hosting;

/// <summary>What <c>waypoint run --demo</c> was asked for.</summary>
internal sealed record DemoSettings
{
    /// <summary>Where the waypoint listens.</summary>
    public required IPEndPoint Hbone { get; init; }

    /// <summary>The local port for curl.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Folder of the development CA, so that <c>waypoint connect</c> can join from another process; null: it lives in memory only.</summary>
    public string? AuthorityFolder { get; init; }
}
