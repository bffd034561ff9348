using System.Collections.Frozen;

namespace Waypoint.Model.FilterChains;

/// <summary><c>Matcher.MatcherTree.exact_match_map</c> over <c>DestinationPortInput</c>.</summary>
public sealed class DestinationPortMatcher : FilterChainMatcher
{
    private readonly FrozenDictionary<int, FilterChainMatcher> _ports;
    private readonly FilterChainMatcher? _onNoMatch;

    /// <summary>Makes a node; a port may stand in <paramref name="ports"/> once.</summary>
    public DestinationPortMatcher(IReadOnlyDictionary<int, FilterChainMatcher> ports, FilterChainMatcher? onNoMatch)
    {
        _ports = ports.ToFrozenDictionary();
        _onNoMatch = onNoMatch;
    }

    /// <inheritdoc/>
    public override FilterChainDecision Decide(in FilterChainQuery query)
    {
        if (_ports.TryGetValue(query.DestinationPort, out FilterChainMatcher? next))
        {
            FilterChainDecision decision = next.Decide(query);
            if (decision != FilterChainDecision.None)
                return decision;
        }

        return _onNoMatch?.Decide(query) ?? FilterChainDecision.None;
    }
}
