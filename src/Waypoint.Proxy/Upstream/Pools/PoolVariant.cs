using System.Net;

namespace Waypoint.Proxy.Upstream.Pools;

/// <summary>What a connection depends on besides its endpoint: connections are shared only by requests with an equal variant. Immutable.</summary>
/// <param name="Authority">Host of the request, for a server name that comes from it; null where that does not matter.</param>
/// <param name="Source">The client's address, for a PROXY header; null where that does not matter.</param>
/// <param name="Destination">What the client dialled, for a PROXY header; null where that does not matter or was no address.</param>
internal sealed record PoolVariant(string? Authority, IPEndPoint? Source, IPEndPoint? Destination)
{
    /// <summary>Of endpoints whose connections are all alike.</summary>
    public static PoolVariant None { get; } = new(null, null, null);
}
