using Waypoint.Model.Endpoints;

namespace Waypoint.Model.LoadBalancing;

/// <summary><c>Cluster.LbSubsetConfig</c>: a route picks among the endpoints with certain labels only. Immutable.</summary>
/// <param name="Selectors"><c>subset_selectors</c>; not empty.</param>
/// <param name="Fallback"><c>fallback_policy</c>: also for requests whose route asks for no labels.</param>
/// <param name="DefaultSubset"><c>default_subset</c>.</param>
/// <param name="LocalityWeightAware"><c>locality_weight_aware</c>: locality weights count within a subset too.</param>
public sealed record SubsetConfig(IReadOnlyList<SubsetSelector> Selectors, SubsetFallback Fallback, SubsetLabels DefaultSubset, bool LocalityWeightAware);
