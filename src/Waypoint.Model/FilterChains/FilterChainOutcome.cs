namespace Waypoint.Model.FilterChains;

/// <summary>Outcomes of a filter chain lookup.</summary>
public enum FilterChainOutcome
{
    /// <summary>No chain serves the destination: the connection is closed, flag NR.</summary>
    None,

    /// <summary>The chain is known.</summary>
    Found,

    /// <summary>The destination is served, but which chain depends on the protocol: detect it and ask again.</summary>
    NeedsProtocol,
}
