namespace Waypoint.Model.LoadBalancing;

/// <summary><c>LbSubsetSelector</c>: endpoints with the same values of some labels are a subset. Immutable.</summary>
/// <param name="Keys"><c>keys</c>; not empty.</param>
/// <param name="Fallback"><c>fallback_policy</c>; null: the cluster's.</param>
/// <param name="FallbackKeys"><c>fallback_keys_subset</c>: some of the keys, but not all.</param>
public sealed record SubsetSelector(IReadOnlyList<string> Keys, SubsetFallback? Fallback, IReadOnlyList<string> FallbackKeys);
