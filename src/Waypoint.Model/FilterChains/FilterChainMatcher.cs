namespace Waypoint.Model.FilterChains;

/// <summary>A node of the matcher tree (<c>xds.type.matcher.v3.Matcher</c>). Immutable.</summary>
public abstract class FilterChainMatcher
{
    /// <summary>Follows the tree; pure, does not allocate.</summary>
    public abstract FilterChainDecision Decide(in FilterChainQuery query);
}
