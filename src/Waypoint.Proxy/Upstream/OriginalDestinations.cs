using System.Collections.Concurrent;
using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream;

/// <summary>Endpoints of a cluster that leads to wherever the client dialled (<c>encap</c>: traffic addressed to a pod), made at first use. Bounded: beyond
/// <see cref="MaxEndpoints"/> all are retired and begun anew, which costs reconnects and loses nothing. Thread-safe.</summary>
internal sealed class OriginalDestinations(UpstreamHandlerFactory handlers)
{
    private const int MaxEndpoints = 4096;

    private readonly ConcurrentDictionary<IPEndPoint, EndpointRuntime> _endpoints = new();

    /// <summary>True for an endpoint that stands for the destination of the tunnel.</summary>
    public static bool StandsFor(Endpoint endpoint) => endpoint.Kind == EndpointKind.HboneToDestination;

    /// <summary>The endpoint behind <paramref name="destination"/>.</summary>
    public EndpointRuntime Get(ClusterConfig cluster, IPEndPoint destination)
    {
        if (_endpoints.TryGetValue(destination, out EndpointRuntime? known))
        {
            return known;
        }

        if (_endpoints.Count >= MaxEndpoints)
        {
            Retire();
        }

        return _endpoints.GetOrAdd(destination, static (address, state) => new EndpointRuntime(state.cluster, EndpointOf(address), state.handlers), (cluster, handlers));
    }

    /// <summary>Lets in-flight requests finish and closes the pools.</summary>
    public void Retire()
    {
        foreach (IPEndPoint key in _endpoints.Keys)
        {
            if (_endpoints.TryRemove(key, out EndpointRuntime? endpoint))
            {
                endpoint.Retire();
            }
        }
    }

    private static Endpoint EndpointOf(IPEndPoint address) => new() { Kind = EndpointKind.Hbone, Address = address, AddressText = address.ToString() };
}
