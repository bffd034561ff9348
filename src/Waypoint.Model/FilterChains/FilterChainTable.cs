using System.Collections.Frozen;

namespace Waypoint.Model.FilterChains;

/// <summary>The filter chains of <c>main_internal</c> with the matcher tree that chooses among them. Immutable; lookups are pure and do not allocate.</summary>
public sealed class FilterChainTable
{
    private readonly FilterChainMatcher? _matcher;

    /// <summary>Makes a table; <paramref name="matcher"/> null matches nothing.</summary>
    public FilterChainTable(FrozenDictionary<string, FilterChain> chains, FilterChainMatcher? matcher)
    {
        Chains = chains;
        _matcher = matcher;
    }

    /// <summary>A table that serves nothing.</summary>
    public static FilterChainTable Empty { get; } = new(FrozenDictionary<string, FilterChain>.Empty, null);

    /// <summary>Every chain by name.</summary>
    public FrozenDictionary<string, FilterChain> Chains { get; }

    /// <summary>True when <c>main_internal</c> carries access loggers of its own (they log tunnels without a chain, flag NR).</summary>
    public bool AccessLogEnabled { get; init; }

    /// <summary>Chooses the chain (docs: filter chain matcher, most specific address range first). With <see cref="ApplicationProtocol.NotInspected"/> a destination
    /// that has chains for several protocols answers <see cref="FilterChainOutcome.NeedsProtocol"/>.</summary>
    public FilterChainMatch Match(in FilterChainQuery query)
    {
        if (_matcher is null)
        {
            return new(FilterChainOutcome.None, null);
        }

        FilterChainDecision decision = _matcher.Decide(query);
        if (decision.NeedsProtocol)
        {
            return new(FilterChainOutcome.NeedsProtocol, null);
        }

        return decision.ChainName is { } name && Chains.TryGetValue(name, out FilterChain? chain)
            ? new(FilterChainOutcome.Found, chain)
            : new(FilterChainOutcome.None, null);
    }
}
