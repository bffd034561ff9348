using System.Collections.Frozen;
using Waypoint.Model.Clusters;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Listeners;
using Waypoint.Model.Snapshots;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Store;

namespace Waypoint.Xds.Snapshots;

/// <summary>Puts the stores' contents together to one consistent snapshot and hands it to the sink. Parts that did not change are the same objects as before.
/// A listener goes live as one, when everything its new chains need has been answered; until then the old one serves (make before break). Not thread-safe.</summary>
internal sealed class SnapshotBuilder(ConfigurationStores stores, ISnapshotSink sink)
{
    private readonly ChainResolver _resolver = new(stores);
    private readonly Dictionary<string, ClusterConfig> _lingering = new(StringComparer.Ordinal);
    private ChainSet _liveChains = ChainSet.Empty;
    private FilterChainTable _table = FilterChainTable.Empty;
    private FrozenDictionary<string, ClusterConfig> _clusters = FrozenDictionary<string, ClusterConfig>.Empty;
    private FrozenDictionary<string, ClusterConfig> _newest = FrozenDictionary<string, ClusterConfig>.Empty;
    private FrozenDictionary<string, TlsSecret> _secrets = FrozenDictionary<string, TlsSecret>.Empty;
    private bool _lingeringChanged;

    /// <summary>Names of EDS services, route tables and extensions that a listener is waiting for; empty when the newest one is live.</summary>
    public IReadOnlyCollection<string> WaitingFor { get; private set; } = [];

    /// <summary>True while removed clusters stay because the live chains still lead to them.</summary>
    public bool HasLingeringClusters => _lingering.Count > 0;

    /// <summary>The snapshot in force; null before the first.</summary>
    public ProxySnapshot? Published { get; private set; }

    /// <summary>A secret came or went.</summary>
    public void SecretsChanged() => _secrets = stores.Secrets.All.Where(static s => s.Good is not null).ToFrozenDictionary(static s => s.Name, static s => s.Good!, StringComparer.Ordinal);

    /// <summary>Brings the sink up to date with the stores.</summary>
    /// <param name="force">Waiting is over: take the newest listener and let removed clusters go.</param>
    public void Update(bool force)
    {
        WaitingFor = force ? [] : _resolver.WaitingFor(_table);
        if (WaitingFor.Count == 0)
            TakeListener(force);
        TakeClusters();
        Publish();
    }

    private void TakeListener(bool force)
    {
        FilterChainTable table = _resolver.Resolve(_table);
        if (!ReferenceEquals(table, _table) || force)
        {
            _lingeringChanged |= _lingering.Count > 0;
            _lingering.Clear();
        }

        _table = table;
        _liveChains = stores.MainListener.Current;
    }

    private void TakeClusters()
    {
        FrozenDictionary<string, ClusterConfig> newest = stores.Clusters.Configs;
        if (!ReferenceEquals(newest, _newest))
            Linger(newest);
        else if (!_lingeringChanged)
            return;

        _newest = newest;
        _lingeringChanged = false;
        if (_lingering.Count == 0)
        {
            _clusters = newest;
            return;
        }

        var all = newest.ToDictionary(StringComparer.Ordinal);
        foreach (KeyValuePair<string, ClusterConfig> cluster in _lingering)
            all.Add(cluster.Key, cluster.Value);
        _clusters = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>istiod removes a cluster before it sends the listener that no longer leads there: until that is live the cluster stays.</summary>
    private void Linger(FrozenDictionary<string, ClusterConfig> newest)
    {
        HashSet<string>? needed = null;
        foreach (KeyValuePair<string, ClusterConfig> cluster in _clusters)
        {
            if (newest.ContainsKey(cluster.Key))
            {
                _lingering.Remove(cluster.Key);
                continue;
            }

            needed ??= [.. _liveChains.Chains.Values.SelectMany(static version => version.Good?.Clusters ?? [])];
            if (needed.Contains(cluster.Key))
                _lingering[cluster.Key] = cluster.Value;
        }
    }

    private void Publish()
    {
        TunnelTerminationConfig? termination = stores.Listeners.Termination;
        TunnelOriginationConfig? origination = stores.Listeners.HasOrigination ? stores.Clusters.Origination : null;
        NestedTunnelConfig? nesting = Nesting();
        if (Published is { } last
            && ReferenceEquals(last.Nesting, nesting)
            && ReferenceEquals(last.Secrets, _secrets)
            && ReferenceEquals(last.Termination, termination)
            && ReferenceEquals(last.Origination, origination)
            && ReferenceEquals(last.FilterChains, _table)
            && ReferenceEquals(last.Clusters, _clusters))
        {
            return;
        }

        Published = new ProxySnapshot
        {
            Version = (Published?.Version ?? 0) + 1,
            Termination = termination,
            Origination = origination,
            Nesting = nesting,
            Secrets = _secrets,
            FilterChains = _table,
            Clusters = _clusters,
        };
        sink.Publish(Published);
    }

    /// <summary>What is published already, as long as it is the same.</summary>
    private NestedTunnelConfig? Nesting()
    {
        if (stores.Clusters.OuterOrigination is not { } outer || stores.Clusters.InnerOrigination is not { } inner
            || !stores.Listeners.Has(FixedNames.OuterConnectOriginate) || !stores.Listeners.Has(FixedNames.InnerConnectOriginate))
        {
            return null;
        }

        string? source = stores.Listeners.ConnectHeader(FixedNames.OuterConnectOriginate, "x-istio-source");
        string? network = stores.Listeners.ConnectHeader(FixedNames.InnerConnectOriginate, "x-forwarded-network");
        return Published?.Nesting is { } last && ReferenceEquals(last.Outer, outer) && ReferenceEquals(last.Inner, inner)
            && last.IstioSource == source && last.ForwardedNetwork == network
            ? last
            : new NestedTunnelConfig { Outer = outer, Inner = inner, IstioSource = source, ForwardedNetwork = network };
    }
}
