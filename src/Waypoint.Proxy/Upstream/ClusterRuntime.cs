using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;

namespace Waypoint.Proxy.Upstream;

/// <summary>What is mutable about a cluster: which <see cref="ClusterState"/> is in force. It keeps its identity while the cluster's name lives.
/// One writer at a time; readers do one volatile read.</summary>
internal sealed class ClusterRuntime
{
    private readonly UpstreamHandlerFactory _handlers;
    private ClusterState _state;

    public ClusterRuntime(ClusterConfig config, ClusterEndpoints? endpoints, UpstreamHandlerFactory handlers)
    {
        _handlers = handlers;
        ClusterEndpoints? first = config.InlineEndpoints ?? endpoints;
        _state = Build(config, first ?? ClusterEndpoints.Empty, [], first is not null);
    }

    /// <summary>The view in force.</summary>
    public ClusterState State => Volatile.Read(ref _state);

    /// <summary>Takes a new configuration; endpoints and, where the transport is the same, their pools stay.</summary>
    public void Update(ClusterConfig config)
    {
        ClusterState old = _state;
        if (!ReferenceEquals(old.Config, config))
        {
            Swap(old, Build(config, config.InlineEndpoints ?? old.Assignment, old.Endpoints, old.Known));
        }
    }

    /// <summary>Takes new endpoints; pools of endpoints that stay are kept. Costs O(endpoints of this cluster).</summary>
    public void Update(ClusterEndpoints endpoints)
    {
        ClusterState old = _state;
        if (!ReferenceEquals(old.Assignment, endpoints) && old.Config.InlineEndpoints is null)
        {
            Swap(old, Build(old.Config, endpoints, old.Endpoints, known: true));
        }
    }

    /// <summary>The cluster is gone: in-flight requests finish, then the pools close.</summary>
    public void Retire()
    {
        foreach (EndpointRuntime endpoint in _state.Endpoints)
        {
            endpoint.Retire();
        }
    }

    private void Swap(ClusterState old, ClusterState made)
    {
        Volatile.Write(ref _state, made);
        var kept = new HashSet<EndpointRuntime>(made.Endpoints, ReferenceEqualityComparer.Instance);
        foreach (EndpointRuntime endpoint in old.Endpoints)
        {
            if (!kept.Contains(endpoint))
            {
                endpoint.Retire();
            }
        }
    }

    private ClusterState Build(ClusterConfig config, ClusterEndpoints assignment, EndpointRuntime[] old, bool known)
    {
        int count = 0;
        foreach (LocalityEndpoints locality in assignment.Localities)
        {
            count += locality.Endpoints.Count;
        }

        Dictionary<string, EndpointRuntime> byAddress = new(old.Length, StringComparer.Ordinal);
        foreach (EndpointRuntime endpoint in old)
        {
            byAddress.TryAdd(KeyOf(endpoint.Endpoint), endpoint);
        }

        var runtimes = new EndpointRuntime[count];
        int next = 0;
        foreach (LocalityEndpoints locality in assignment.Localities)
        {
            foreach (Endpoint endpoint in locality.Endpoints)
            {
                runtimes[next++] = byAddress.Remove(KeyOf(endpoint), out EndpointRuntime? runtime) && runtime.Serves(config, endpoint)
                    ? runtime
                    : new EndpointRuntime(config, endpoint, _handlers);
            }
        }

        return new ClusterState(config, assignment, runtimes, known);
    }

    private static string KeyOf(Endpoint endpoint) => endpoint.DoubleHboneTarget is { } target ? endpoint.AddressText + "/" + target : endpoint.AddressText;
}
