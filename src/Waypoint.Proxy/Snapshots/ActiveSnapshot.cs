using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Snapshots;
using Waypoint.Proxy.Filters;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Snapshots;

/// <summary>The snapshot that requests see. One writer (the configuration side) publishes under a lock that no request takes; readers do one volatile read.</summary>
internal sealed class ActiveSnapshot : ISnapshotSink
{
    private const int MaxEarlyEndpoints = 20_000;

    private readonly Lock _writer = new();
    private readonly Dictionary<string, ClusterEndpoints> _endpointsWithoutCluster = new(StringComparer.Ordinal);
    private UpstreamHandlerFactory? _handlers;
    private ILogger? _clusterLogger;
    private FilterCatalog? _filters;
    private RuntimeSnapshot _current = new(
        new ProxySnapshot
        {
            Version = 0,
            Termination = null,
            Origination = null,
            FilterChains = FilterChainTable.Empty,
            Clusters = FrozenDictionary<string, ClusterConfig>.Empty,
        },
        FrozenDictionary<string, ChainRuntime>.Empty,
        FrozenDictionary<string, ClusterRuntime>.Empty);

    /// <summary>Raised after a swap, on the writer's thread, with the old and the new snapshot.</summary>
    public event Action<RuntimeSnapshot, RuntimeSnapshot>? Swapped;

    /// <summary>The snapshot in force.</summary>
    public RuntimeSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Says what clusters are made with; once, before the first publication. (The connector reads the snapshot, so neither can be made first.)</summary>
    public void UseHandlers(UpstreamHandlerFactory handlers, ILogger? logger = null)
    {
        _handlers = handlers;
        _clusterLogger = logger;
    }

    /// <summary>Says how chains get their filters; once, before the first publication.</summary>
    public void UseFilters(FilterCatalog filters) => _filters = filters;

    /// <inheritdoc/>
    public void Publish(ProxySnapshot snapshot)
    {
        RuntimeSnapshot old, made;
        lock (_writer)
        {
            old = _current;
            made = new RuntimeSnapshot(snapshot, ChainsOf(old, snapshot), Reconcile_Locked(old, snapshot));
            Volatile.Write(ref _current, made);

            // Make before break: runtimes that are gone retire only now that nobody new can find them.
            foreach (KeyValuePair<string, ClusterRuntime> cluster in old.Clusters)
            {
                if (!made.Clusters.ContainsKey(cluster.Key))
                {
                    cluster.Value.Retire();
                }
            }

            RetireFilters(old, made);
        }

        Swapped?.Invoke(old, made);
    }

    /// <inheritdoc/>
    public void PublishEndpoints(string clusterName, ClusterEndpoints endpoints)
    {
        lock (_writer)
        {
            if (_current.Clusters.TryGetValue(clusterName, out ClusterRuntime? cluster))
            {
                cluster.Update(endpoints);
            }
            else
            {
                // Endpoints may come before the snapshot that has their cluster; they must not be lost.
                _endpointsWithoutCluster[clusterName] = endpoints;
            }
        }
    }

    /// <summary>Filters of chains that are gone or replaced stop what they do on their own; requests that run on them go on.</summary>
    private static void RetireFilters(RuntimeSnapshot old, RuntimeSnapshot made)
    {
        if (ReferenceEquals(old.Chains, made.Chains))
        {
            return;
        }

        foreach (KeyValuePair<string, ChainRuntime> chain in old.Chains)
        {
            if (made.Chains.TryGetValue(chain.Key, out ChainRuntime? kept) && ReferenceEquals(kept, chain.Value))
            {
                continue;
            }

            foreach (IHttpFilter filter in chain.Value.Filters)
            {
                (filter as IDisposable)?.Dispose();
            }
        }
    }

    private FrozenDictionary<string, ChainRuntime> ChainsOf(RuntimeSnapshot old, ProxySnapshot snapshot)
    {
        if (ReferenceEquals(old.Config.FilterChains, snapshot.FilterChains))
        {
            return old.Chains;
        }

        var chains = new Dictionary<string, ChainRuntime>(snapshot.FilterChains.Chains.Count, StringComparer.Ordinal);
        foreach (KeyValuePair<string, FilterChain> chain in snapshot.FilterChains.Chains)
        {
            chains.Add(chain.Key, old.Chains.TryGetValue(chain.Key, out ChainRuntime? kept) && ReferenceEquals(kept.Chain, chain.Value)
                ? kept
                : new ChainRuntime(chain.Value, _filters!.Create(chain.Value)));
        }

        return chains.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private FrozenDictionary<string, ClusterRuntime> Reconcile_Locked(RuntimeSnapshot old, ProxySnapshot snapshot)
    {
        if (ReferenceEquals(old.Config.Clusters, snapshot.Clusters))
        {
            return old.Clusters;
        }

        var runtimes = new Dictionary<string, ClusterRuntime>(snapshot.Clusters.Count, StringComparer.Ordinal);
        bool sameNames = old.Clusters.Count == snapshot.Clusters.Count;
        foreach (KeyValuePair<string, ClusterConfig> cluster in snapshot.Clusters)
        {
            if (old.Clusters.TryGetValue(cluster.Key, out ClusterRuntime? runtime))
            {
                runtime.Update(cluster.Value);
            }
            else
            {
                sameNames = false;
                _endpointsWithoutCluster.Remove(cluster.Key, out ClusterEndpoints? early);
                runtime = new ClusterRuntime(cluster.Value, early, _handlers!, _clusterLogger);
            }

            runtimes.Add(cluster.Key, runtime);
        }

        // What stays here belongs to clusters nobody published; istiod sends endpoints only for what was asked for, so this is small, but never without bound.
        if (_endpointsWithoutCluster.Count > MaxEarlyEndpoints)
        {
            _endpointsWithoutCluster.Clear();
        }

        return sameNames ? old.Clusters : runtimes.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
