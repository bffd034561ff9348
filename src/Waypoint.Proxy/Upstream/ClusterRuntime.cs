using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.LoadBalancing;
using Waypoint.Proxy.Upstream.Dns;

namespace Waypoint.Proxy.Upstream;

/// <summary>What is mutable about a cluster: which <see cref="ClusterState"/> is in force. It keeps its identity while the cluster's name lives.
/// One writer at a time; readers do one volatile read.</summary>
internal sealed class ClusterRuntime
{
    private readonly UpstreamHandlerFactory _handlers;
    private readonly LoadBalancerState _balancer = new(Random.Shared);
    private ClusterState _state;

    public ClusterRuntime(ClusterConfig config, ClusterEndpoints? endpoints, UpstreamHandlerFactory handlers)
    {
        _handlers = handlers;
        ClusterEndpoints? first = config.InlineEndpoints ?? endpoints;
        _state = Build(config, first ?? ClusterEndpoints.Empty, []);
    }

    /// <summary>Endpoints by what clients dialled, for a cluster that leads there.</summary>
    public OriginalDestinations OriginalDestinations => field ?? Interlocked.CompareExchange(ref field, new OriginalDestinations(_handlers), null) ?? field;

    /// <summary>Endpoints by the host of the request, for a cluster that takes them from there.</summary>
    public DynamicHosts DynamicHosts => field ?? Interlocked.CompareExchange(ref field, new DynamicHosts(_handlers), null) ?? field;

    /// <summary>The clock of waiting.</summary>
    public TimeProvider Time => _handlers.Time;

    /// <summary>Completes, never faulted, once every name of a DNS cluster was answered or failed for the first time; complete for all others.</summary>
    public Task NamesAnswered { get; set; } = Task.CompletedTask;

    /// <summary>The view in force.</summary>
    public ClusterState State => Volatile.Read(ref _state);

    /// <summary>Takes a new configuration; endpoints and, where the transport is the same, their pools stay.</summary>
    public void Update(ClusterConfig config)
    {
        ClusterState old = _state;
        if (!ReferenceEquals(old.Config, config))
        {
            Swap(old, Build(config, config.InlineEndpoints ?? old.Assignment, old.Endpoints));
        }
    }

    /// <summary>Takes new endpoints; pools of endpoints that stay are kept. Costs O(endpoints of this cluster).</summary>
    public void Update(ClusterEndpoints endpoints)
    {
        ClusterState old = _state;
        if (!ReferenceEquals(old.Assignment, endpoints) && old.Config.InlineEndpoints is null)
        {
            Swap(old, Build(old.Config, endpoints, old.Endpoints));
        }
    }

    /// <summary>The cluster is gone: in-flight requests finish, then the pools close.</summary>
    public void Retire()
    {
        foreach (EndpointRuntime endpoint in _state.Endpoints)
        {
            endpoint.Retire();
        }

        OriginalDestinations.Retire();
        DynamicHosts.Dispose();
    }

    private void Swap(ClusterState old, ClusterState made)
    {
        Volatile.Write(ref _state, made);
        var kept = new HashSet<EndpointRuntime>(made.Endpoints.Length, ReferenceEqualityComparer.Instance);
        foreach (EndpointRuntime endpoint in made.Endpoints)
        {
            kept.Add(endpoint);
        }

        foreach (EndpointRuntime endpoint in old.Endpoints)
        {
            if (!kept.Contains(endpoint))
            {
                endpoint.Retire();
            }
        }
    }

    private ClusterState Build(ClusterConfig config, ClusterEndpoints assignment, ReadOnlySpan<EndpointRuntime> old)
    {
        var byAddress = new Dictionary<string, EndpointRuntime>(old.Length, StringComparer.Ordinal);
        foreach (EndpointRuntime endpoint in old)
        {
            byAddress.TryAdd(KeyOf(endpoint.Endpoint), endpoint);
        }

        EndpointSet set = EndpointSet.Create(assignment, config);
        var runtimes = new EndpointRuntime[set.Endpoints.Length];
        for (int i = 0; i < runtimes.Length; i++)
        {
            Endpoint endpoint = set.Endpoints[i];
            runtimes[i] = byAddress.Remove(KeyOf(endpoint), out EndpointRuntime? runtime) && runtime.Serves(config, endpoint)
                ? runtime.WithEndpoint(endpoint)
                : new EndpointRuntime(config, endpoint, _handlers);
        }

        return new ClusterState(config, assignment, set, runtimes, _balancer);
    }

    private static string KeyOf(Endpoint endpoint) => endpoint.DoubleHboneTarget is { } target ? endpoint.AddressText + "/" + target : endpoint.AddressText;
}
