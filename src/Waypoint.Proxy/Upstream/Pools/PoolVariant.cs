using System.Net;
using Waypoint.Hbone.Connections;

namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>What a connection depends on besides its endpoint: connections are shared only by requests with an equal variant. Immutable.</summary>
/// <param name="Authority">Host of the request, for a server name that comes from it; null where that does not matter.</param>
/// <param name="Source">The client's address, for a PROXY header; null where that does not matter.</param>
/// <param name="Destination">What the client dialled, for a PROXY header; null where that does not matter or was no address.</param>
/// <param name="Worker">Who serves the connection (<see cref="SocketWorkers"/>).</param>
internal sealed record PoolVariant(string? Authority, IPEndPoint? Source, IPEndPoint? Destination, int Worker = 0)
{
    private static readonly PoolVariant[] OfWorkers = [.. Enumerable.Range(0, SocketWorkers.MaxWorkers).Select(static worker => new PoolVariant(null, null, null, worker))];

    /// <summary>Of endpoints whose connections are all alike.</summary>
    public static PoolVariant None => OfWorkers[0];

    /// <summary>True if nothing but the worker matters.</summary>
    public bool IsCommon => Authority is null && Source is null && Destination is null;

    /// <summary>Of connections that are alike but for who serves them.</summary>
    /// <param name="worker">From 0, below <see cref="SocketWorkers.MaxWorkers"/>.</param>
    public static PoolVariant Of(int worker) => OfWorkers[worker];
}
