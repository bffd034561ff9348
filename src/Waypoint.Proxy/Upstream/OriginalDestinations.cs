using System.Collections.Concurrent;
using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream;

/// <summary>Endpoints of a cluster that leads to wherever the client dialled (<c>encap</c>: traffic addressed to a pod; ORIGINAL_DST: the address itself), made at first use. Bounded: beyond
/// <see cref="MaxEndpoints"/> all are retired and begun anew, which costs reconnects and loses nothing. Thread-safe.</summary>
internal sealed class OriginalDestinations(UpstreamHandlerFactory handlers)
{
    private const int MaxEndpoints = 4096;

    private readonly ConcurrentDictionary<IPEndPoint, EndpointRuntime> _endpoints = new();

    /// <summary>True if requests to the cluster go to the destination of their tunnel.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="picked">The endpoint that stands for the destination, or null.</param>
    public static bool LeadsThere(ClusterConfig cluster, EndpointRuntime? picked) =>
        picked is null ? cluster.Discovery == ClusterDiscovery.OriginalDestination : picked.Endpoint.Kind == EndpointKind.HboneToDestination;

    /// <summary>The endpoint behind <paramref name="destination"/>.</summary>
    public EndpointRuntime Get(ClusterConfig cluster, IPEndPoint destination)
    {
        if (_endpoints.TryGetValue(destination, out EndpointRuntime? known))
        {
            if (UpstreamHandlerFactory.SameTransport(known.Cluster, cluster))
            {
                return known;
            }

            // The cluster says something else about its connections now.
            if (_endpoints.TryRemove(new KeyValuePair<IPEndPoint, EndpointRuntime>(destination, known)))
            {
                known.Retire();
            }
        }

        if (_endpoints.Count >= MaxEndpoints)
        {
            Retire();
        }

        return _endpoints.GetOrAdd(destination, static (address, state) => new EndpointRuntime(state.cluster, EndpointOf(state.cluster, address), state.handlers), (cluster, handlers));
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

    /// <summary>A pod of the mesh behind a tunnel for <c>encap</c>; for an ORIGINAL_DST cluster (PASSTHROUGH, headless) the address itself, as Envoy dials it.</summary>
    private static Endpoint EndpointOf(ClusterConfig cluster, IPEndPoint address)
    {
        bool plain = cluster.Discovery == ClusterDiscovery.OriginalDestination;
        int port = plain && cluster.Connections.OriginalDestinationPort > 0 ? cluster.Connections.OriginalDestinationPort : address.Port;
        var place = new IPEndPoint(address.Address, port);
        return new Endpoint { Kind = plain ? EndpointKind.Direct : EndpointKind.Hbone, Address = place, AddressText = place.ToString() };
    }
}
