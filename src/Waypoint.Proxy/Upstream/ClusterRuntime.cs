using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.LoadBalancing;
using Waypoint.Model.Outliers;
using Waypoint.Proxy.Upstream.Dns;

namespace Waypoint.Proxy.Upstream;

/// <summary>What is mutable about a cluster: which <see cref="ClusterState"/> is in force, the health of its endpoints, what is under way. It keeps its identity while the
/// cluster's name lives. Readers do one volatile read; writers (configuration, ejections, warm-up) take a lock that no request takes, save one that completes an
/// ejection and the first one of all.</summary>
internal sealed class ClusterRuntime
{
    /// <summary>The weights of warming endpoints are worked out that often per window, and not more often than ten times a second.</summary>
    private const int WarmSteps = 50;

    /// <summary>So many are searched one by one.</summary>
    private const int FewEndpoints = 16;

    private static readonly TimeSpan MinWarmStep = TimeSpan.FromMilliseconds(100);

    private readonly UpstreamHandlerFactory _handlers;
    private readonly ILogger _logger;
    private readonly Lock _writer = new();
    private ClusterHealth? _health;
    private ITimer? _warming;
    private LoadBalancerState? _balancer;
    private volatile ClusterConfig _config;
    private ClusterEndpoints _assignment;
    private ClusterState? _state;
    private bool _retired;

    /// <param name="config">The cluster.</param>
    /// <param name="endpoints">Its endpoints, if they are known already.</param>
    /// <param name="handlers">Makes the pools, and has the clock.</param>
    /// <param name="logger">Where ejections are reported; null: nowhere.</param>
    public ClusterRuntime(ClusterConfig config, ClusterEndpoints? endpoints, UpstreamHandlerFactory handlers, ILogger? logger = null)
    {
        _handlers = handlers;
        _logger = logger ?? NullLogger.Instance;
        _config = config;
        _assignment = config.InlineEndpoints ?? endpoints ?? ClusterEndpoints.Empty;
        lock (_writer)
        {
            UseHealth_Locked(config);
            if (StartsAtOnce(config))
            {
                _state = Build_Locked([]);
            }
        }
    }

    /// <summary>The configuration in force.</summary>
    public ClusterConfig Config => _config;

    /// <summary>The endpoints as configured.</summary>
    public ClusterEndpoints Assignment => Volatile.Read(ref _assignment);

    /// <summary>Endpoints by what clients dialled, for a cluster that leads there.</summary>
    public OriginalDestinations OriginalDestinations =>
        field ?? Interlocked.CompareExchange(ref field, new OriginalDestinations(_handlers), null) ?? field;

    /// <summary>What is under way at priority DEFAULT.</summary>
    public CircuitBreaker DefaultBreaker => field ?? Interlocked.CompareExchange(ref field, new CircuitBreaker(), null) ?? field;

    /// <summary>What is under way at priority HIGH.</summary>
    public CircuitBreaker HighBreaker => field ?? Interlocked.CompareExchange(ref field, new CircuitBreaker(), null) ?? field;

    /// <summary>Outlier detection; null if the cluster has none.</summary>
    public OutlierCounters? OutlierCounters => Volatile.Read(ref _health)?.Counters;

    /// <summary>Endpoints by the host of the request, for a cluster that takes them from there.</summary>
    public DynamicHosts DynamicHosts => field ?? Interlocked.CompareExchange(ref field, new DynamicHosts(_handlers), null) ?? field;

    /// <summary>The clock of waiting.</summary>
    public TimeProvider Time => _handlers.Time;

    /// <summary>Completes, never faulted, once every name of a DNS cluster was answered or failed for the first time; complete for all others.</summary>
    public Task NamesAnswered { get; set; } = Task.CompletedTask;

    /// <summary>The view in force. Made by the first request that asks: of a large mesh a waypoint is asked for few clusters, and their endpoints come and go all the same.</summary>
    public ClusterState State => Volatile.Read(ref _state) ?? FirstState();

    /// <summary>Takes a new configuration; endpoints and, where the transport is the same, their pools stay.</summary>
    public void Update(ClusterConfig config)
    {
        lock (_writer)
        {
            if (!ReferenceEquals(_config, config))
            {
                UseHealth_Locked(config);
                _config = config;
                _assignment = config.InlineEndpoints ?? _assignment;
                Rebuild_Locked();
            }
        }
    }

    /// <summary>Takes new endpoints; pools of endpoints that stay are kept. Costs O(endpoints of this cluster).</summary>
    public void Update(ClusterEndpoints endpoints)
    {
        lock (_writer)
        {
            if (!ReferenceEquals(_assignment, endpoints) && _config.InlineEndpoints is null)
            {
                _assignment = endpoints;
                Rebuild_Locked();
            }
        }
    }

    /// <summary>The cluster is gone: in-flight requests finish, then the pools close.</summary>
    public void Retire()
    {
        lock (_writer)
        {
            _retired = true;
            _warming?.Dispose();
            _health?.Stop();
            RetireEndpoints_Locked();
        }

        OriginalDestinations.Retire();
        DynamicHosts.Dispose();
    }

    /// <summary>Health and warm-up are about time, which does not wait for a request.</summary>
    private static bool StartsAtOnce(ClusterConfig config) => config.OutlierDetection is not null || config.SlowStart is not null;

    private ClusterState FirstState()
    {
        lock (_writer)
        {
            if (_state is null)
            {
                Volatile.Write(ref _state, Build_Locked([]));
                // A request that came by a snapshot from before the cluster went finds what it would have found a moment ago.
                if (_retired)
                {
                    RetireEndpoints_Locked();
                }
            }

            return _state;
        }
    }

    private void Rebuild_Locked()
    {
        if (_state is { } old)
        {
            Swap_Locked(old, Build_Locked(old.Endpoints));
        }
        else if (StartsAtOnce(_config))
        {
            Volatile.Write(ref _state, Build_Locked([]));
        }
    }

    private void RetireEndpoints_Locked()
    {
        foreach (EndpointRuntime endpoint in _state is null ? [] : _state.Endpoints)
        {
            endpoint.Retire();
        }
    }

    private void Swap_Locked(ClusterState old, ClusterState made)
    {
        Volatile.Write(ref _state, made);
        HashSet<EndpointRuntime>? kept = old.Endpoints.Length > FewEndpoints ? [.. made.Endpoints] : null;
        foreach (EndpointRuntime endpoint in old.Endpoints)
        {
            if (!(kept?.Contains(endpoint) ?? made.Endpoints.Contains(endpoint)))
            {
                endpoint.Retire();
            }
        }
    }

    /// <summary>Endpoints went out, came back or got warmer: same endpoints, other shares.</summary>
    private void Refresh()
    {
        lock (_writer)
        {
            if (!_retired && _state is { } old)
            {
                EndpointRuntime[] runtimes = [.. old.Endpoints];
                Volatile.Write(ref _state, StateOf_Locked(runtimes));
            }
        }
    }

    private ClusterState Build_Locked(ReadOnlySpan<EndpointRuntime> old)
    {
        ClusterConfig config = _config;
        var byAddress = new Dictionary<string, EndpointRuntime>(old.Length, StringComparer.Ordinal);
        foreach (EndpointRuntime endpoint in old)
        {
            byAddress.TryAdd(KeyOf(endpoint.Endpoint), endpoint);
        }

        ImmutableArray<Endpoint> endpoints = EndpointSet.Order(_assignment);
        var runtimes = new EndpointRuntime[endpoints.Length];
        for (int i = 0; i < runtimes.Length; i++)
        {
            byAddress.Remove(KeyOf(endpoints[i]), out EndpointRuntime? known);
            runtimes[i] = known is not null && known.Serves(config, endpoints[i])
                ? known.WithEndpoint(endpoints[i], _handlers.Time)
                : new EndpointRuntime(config, endpoints[i], _handlers) { WarmSince = _handlers.Time.GetTimestamp() };
            runtimes[i].Observe(_health, known);
        }

        foreach (EndpointRuntime gone in byAddress.Values)
        {
            gone.Observe(null, null);
        }

        return StateOf_Locked(runtimes);
    }

    private ClusterState StateOf_Locked(EndpointRuntime[] runtimes)
    {
        ClusterConfig config = _config;
        RuntimeConditions? conditions = _health is null && config.SlowStart is null ? null : new RuntimeConditions(runtimes, config.SlowStart, _handlers.Time);
        EndpointSet set = EndpointSet.Create(_assignment, config, conditions);
        for (int i = 0; i < runtimes.Length; i++)
        {
            runtimes[i].Priority = set.PriorityOf(i);
        }

        var state = new ClusterState(config, _assignment, set, runtimes, _balancer ??= new LoadBalancerState(Random.Shared));
        if (conditions is { IsWarming: true })
        {
            TimeSpan step = config.SlowStart!.Window / WarmSteps;
            _warming ??= _handlers.Time.CreateTimer(static cluster => ((ClusterRuntime)cluster!).Refresh(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _warming.Change(step > MinWarmStep ? step : MinWarmStep, Timeout.InfiniteTimeSpan);
        }

        return state;
    }

    private void UseHealth_Locked(ClusterConfig config)
    {
        if (config.OutlierDetection is not { } settings)
        {
            _health?.Stop();
            _health = null;
        }
        else if (_health is null)
        {
            _health = new ClusterHealth(config.Name, settings, _handlers.Time, _logger, Refresh);
        }
        else
        {
            _health.Update(settings);
        }
    }

    private static string KeyOf(Endpoint endpoint) => endpoint.DoubleHboneTarget is { } target ? endpoint.AddressText + "/" + target : endpoint.AddressText;
}
