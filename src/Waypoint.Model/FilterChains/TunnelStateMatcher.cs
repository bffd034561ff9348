using System.Collections.Frozen;

namespace Waypoint.Model.FilterChains;

/// <summary><c>Matcher.MatcherTree.exact_match_map</c> over <c>FilterStateInput</c>; the comparison is exact, case included.</summary>
public sealed class TunnelStateMatcher : FilterChainMatcher
{
    private readonly TunnelState _state;
    private readonly FrozenDictionary<string, FilterChainMatcher> _values;
    private readonly FilterChainMatcher? _onNoMatch;

    /// <summary>Makes a node for one piece of state.</summary>
    public TunnelStateMatcher(TunnelState state, IReadOnlyDictionary<string, FilterChainMatcher> values, FilterChainMatcher? onNoMatch)
    {
        _state = state;
        _values = values.ToFrozenDictionary(StringComparer.Ordinal);
        _onNoMatch = onNoMatch;
    }

    /// <inheritdoc/>
    public override FilterChainDecision Decide(in FilterChainQuery query)
    {
        string? value = _state == TunnelState.ConnectAuthority ? query.Authority : query.IstioSource;
        if (value is not null && _values.TryGetValue(value, out FilterChainMatcher? next))
        {
            FilterChainDecision decision = next.Decide(query);
            if (decision != FilterChainDecision.None)
                return decision;
        }

        return _onNoMatch?.Decide(query) ?? FilterChainDecision.None;
    }
}
