using System.Collections.Frozen;
using Waypoint.Model.Snapshots;
using Waypoint.Proxy.Upstream;

namespace Waypoint.Proxy.Snapshots;

/// <summary>A configuration snapshot together with the runtimes that belong to it. Readers take it once per request or tunnel.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Chains">One runtime per filter chain of <paramref name="Config"/>.</param>
/// <param name="Clusters">One runtime per cluster of <paramref name="Config"/>.</param>
internal sealed record RuntimeSnapshot(
    ProxySnapshot Config,
    FrozenDictionary<string, ChainRuntime> Chains,
    FrozenDictionary<string, ClusterRuntime> Clusters)
{
    private static long s_last;

    /// <summary>A number that no other snapshot of this process has: what was looked up in a snapshot can be kept with it, without keeping the snapshot alive.</summary>
    public long Serial { get; } = Interlocked.Increment(ref s_last);
}
