using System.Collections.Frozen;
using Waypoint.Model.Clusters;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Listeners;

namespace Waypoint.Model.Snapshots;

/// <summary>One consistent view of everything istiod configured except endpoints and workloads, which change at another rate and live in cells of their own.
/// Immutable; parts that did not change between two snapshots are the same objects, so reference equality tells what to keep.</summary>
public sealed class ProxySnapshot
{
    /// <summary>Counts up by one with every published snapshot; 1 is the first.</summary>
    public required long Version { get; init; }

    /// <summary>From listener <c>connect_terminate</c>; null until it arrived.</summary>
    public required TunnelTerminationConfig? Termination { get; init; }

    /// <summary>From listener and cluster <c>connect_originate</c>; null until they arrived.</summary>
    public required TunnelOriginationConfig? Origination { get; init; }

    /// <summary>From the listeners and clusters <c>inner_connect_originate</c> and <c>outer_connect_originate</c>; null until they arrived and can be used.</summary>
    public NestedTunnelConfig? Nesting { get; init; }

    /// <summary>Secrets by name that clusters refer to (SDS over ADS), as far as they have arrived.</summary>
    public FrozenDictionary<string, TlsSecret> Secrets { get; init; } = FrozenDictionary<string, TlsSecret>.Empty;

    /// <summary>From listener <c>main_internal</c>; <see cref="FilterChainTable.Empty"/> until it arrived.</summary>
    public required FilterChainTable FilterChains { get; init; }

    /// <summary>Every cluster by name (CDS), without the fixed ones that only carry Envoy's internal hops.</summary>
    public required FrozenDictionary<string, ClusterConfig> Clusters { get; init; }
}
