using Microsoft.Extensions.Logging;
using Waypoint.Model.Filters.JwtAuthn;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>The key sets that filters name, each held once however many chains name it, so that a chain that is replaced keeps its keys. Mutable; only the configuration's
/// writer takes its lock.</summary>
internal sealed class RemoteKeySets(IKeySetFetcher fetcher, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RemoteKeySetConfig, Use> _sets = [];

    /// <summary>The set for that configuration; the caller gives it back with <see cref="Release"/>.</summary>
    public RemoteKeySet Acquire(RemoteKeySetConfig config)
    {
        lock (_gate)
        {
            if (!_sets.TryGetValue(config, out Use? use))
            {
                _sets.Add(config, use = new Use(new RemoteKeySet(config, fetcher, time, logger)));
            }

            use.Count++;
            return use.Set;
        }
    }

    /// <summary>The caller names it no more.</summary>
    public void Release(RemoteKeySet set)
    {
        lock (_gate)
        {
            if (_sets.TryGetValue(set.Config, out Use? use) && --use.Count == 0)
            {
                _sets.Remove(set.Config);
                set.Dispose();
            }
        }
    }

    private sealed class Use(RemoteKeySet set)
    {
        public RemoteKeySet Set { get; } = set;

        public int Count { get; set; }
    }
}
