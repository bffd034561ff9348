namespace Waypoint.Model.LoadBalancing;

/// <summary>What happens to a request whose subset has no endpoint (<c>LbSubsetFallbackPolicy</c>, <c>LbSubsetSelectorFallbackPolicy</c>).</summary>
public enum SubsetFallback
{
    /// <summary>It finds nobody.</summary>
    None,

    /// <summary>Any endpoint of the cluster.</summary>
    AnyEndpoint,

    /// <summary>The default subset.</summary>
    DefaultSubset,

    /// <summary>The subset of fewer labels (selectors only).</summary>
    FewerLabels,
}
