namespace Waypoint.Model.FilterChains;

/// <summary>The answer of <see cref="FilterChainTable.Match"/>.</summary>
/// <param name="Outcome">What was found.</param>
/// <param name="Chain">The chain, if <paramref name="Outcome"/> is <see cref="FilterChainOutcome.Found"/>.</param>
public readonly record struct FilterChainMatch(FilterChainOutcome Outcome, FilterChain? Chain);
