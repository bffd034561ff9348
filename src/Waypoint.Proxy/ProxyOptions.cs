using System.Net;
using Waypoint.Hbone.Originate;

namespace Waypoint.Proxy;

/// <summary>What the data plane is started with.</summary>
public sealed record ProxyOptions
{
    /// <summary>Where HBONE is accepted; at least one. Usually the pod's addresses with port 15008.</summary>
    public required IReadOnlyList<IPEndPoint> Listen { get; init; }

    /// <summary>How HBONE connections are dialled; null: TCP to the endpoint's own address.</summary>
    public IHboneDialer? Dialer { get; init; }

    /// <summary>A file that gets one JSON object per request and connection (flags, details, route, path, code, layer), whatever the configuration says about access logs; null: none.</summary>
    public string? AccessJsonFile { get; init; }

    /// <summary>Name servers for clusters by DNS; empty: those of /etc/resolv.conf, after /etc/hosts.</summary>
    public IReadOnlyList<IPEndPoint> NameServers { get; init; } = [];

    /// <summary>Folders that stand for others in paths of certificate files that configuration names: a prefix of the path, and what is read instead. First match.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> FilePrefixes { get; init; } = [];

    /// <summary>How long a drain waits for tunnels to end before it cuts them. Default 45 s.</summary>
    public TimeSpan DrainDeadline { get; init; } = TimeSpan.FromSeconds(45);
}
