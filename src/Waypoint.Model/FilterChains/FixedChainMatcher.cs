namespace Waypoint.Model.FilterChains;

/// <summary>A leaf: the action of <c>Matcher.OnMatch</c>, a <c>google.protobuf.StringValue</c> that holds the name of a filter chain.</summary>
/// <param name="chainName">Name of the chain; it need not exist.</param>
public sealed class FixedChainMatcher(string chainName) : FilterChainMatcher
{
    /// <summary>The chain's name.</summary>
    public string ChainName { get; } = chainName;

    /// <inheritdoc/>
    public override FilterChainDecision Decide(in FilterChainQuery query) => new(ChainName, false);
}
