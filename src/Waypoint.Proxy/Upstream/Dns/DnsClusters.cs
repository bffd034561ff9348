using Waypoint.Model.Clusters;
using Waypoint.Proxy.Snapshots;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>Gives DNS clusters their endpoints: follows the snapshots, keeps the names of their clusters resolved, and publishes what they resolve to. Nothing here is on the path
/// of a request, and a name that does not resolve concerns its own clusters only.</summary>
internal sealed class DnsClusters : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DnsClusterWatch> _watches = new(StringComparer.Ordinal);
    private readonly ActiveSnapshot _snapshots;
    private readonly NameTable _names;

    public DnsClusters(ActiveSnapshot snapshots, NameTable names)
    {
        _snapshots = snapshots;
        _names = names;
        snapshots.Swapped += OnSwapped;
    }

    public void Dispose()
    {
        _snapshots.Swapped -= OnSwapped;
        lock (_gate)
        {
            foreach (DnsClusterWatch watch in _watches.Values)
            {
                watch.Dispose();
            }

            _watches.Clear();
        }
    }

    private void OnSwapped(RuntimeSnapshot old, RuntimeSnapshot made)
    {
        if (ReferenceEquals(old.Config.Clusters, made.Config.Clusters))
        {
            return;
        }

        lock (_gate)
        {
            // The new ones hold their names before the old ones let go: a name that stays is not asked for again.
            var gone = new List<DnsClusterWatch>();
            foreach (KeyValuePair<string, ClusterRuntime> cluster in made.Clusters)
            {
                ClusterConfig config = cluster.Value.Config;
                bool known = _watches.TryGetValue(cluster.Key, out DnsClusterWatch? watch);
                if (known && ReferenceEquals(watch!.Config, config))
                {
                    continue;
                }

                if (known)
                {
                    _watches.Remove(cluster.Key);
                    gone.Add(watch!);
                }

                if (config is { NamedEndpoints: not null, Dns: not null })
                {
                    _watches.Add(cluster.Key, new DnsClusterWatch(config, _names, _snapshots, cluster.Value));
                }
            }

            foreach (string name in _watches.Keys.Where(name => !made.Clusters.ContainsKey(name)).ToArray())
            {
                _watches.Remove(name, out DnsClusterWatch? watch);
                gone.Add(watch!);
            }

            foreach (DnsClusterWatch watch in gone)
            {
                watch.Dispose();
            }
        }
    }
}
