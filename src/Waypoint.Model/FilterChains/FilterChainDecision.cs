namespace Waypoint.Model.FilterChains;

/// <summary>What a matcher node answers.</summary>
/// <param name="ChainName">The chain's name, or null: no action here.</param>
/// <param name="NeedsProtocol">An application protocol is asked for that nobody has detected yet.</param>
public readonly record struct FilterChainDecision(string? ChainName, bool NeedsProtocol)
{
    /// <summary>No action.</summary>
    public static FilterChainDecision None => default;
}
