using System.Collections.Frozen;
using System.Net;

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

    /// <summary>Set when the listener as a whole could not be enforced and there is no earlier version: every CONNECT is answered with 503. Null otherwise.</summary>
    public string? RefusedBecause { get; init; }

    /// <summary>Ports on which nobody looks at the protocol (<c>filter_disabled</c> of listener filter <c>http_inspector</c>; every port if the listener lacks that filter):
    /// there a protocol matcher sees <see cref="ApplicationProtocol.Unknown"/>, whatever the bytes are.</summary>
    public PortSet UninspectedPorts { get; init; } = PortSet.None;

    /// <summary>Chooses the chain (docs: filter chain matcher, most specific address range first). With <see cref="ApplicationProtocol.NotInspected"/> a destination
    /// that has chains for several protocols answers <see cref="FilterChainOutcome.NeedsProtocol"/>.</summary>
    public FilterChainMatch Match(in FilterChainQuery query)
    {
        // A headless service is matched as 0.0.0.0/32: nobody may reach it by that address.
        if (_matcher is null || IsUnspecified(query.DestinationAddress))
        {
            return new(FilterChainOutcome.None, null);
        }

        FilterChainDecision decision = UninspectedPorts.Contains(query.DestinationPort)
            ? _matcher.Decide(query with { Protocol = ApplicationProtocol.Unknown })
            : _matcher.Decide(query);
        if (decision.NeedsProtocol)
        {
            return new(FilterChainOutcome.NeedsProtocol, null);
        }

        return decision.ChainName is { } name && Chains.TryGetValue(name, out FilterChain? chain)
            ? new(FilterChainOutcome.Found, chain)
            : new(FilterChainOutcome.None, null);
    }

    private static bool IsUnspecified(IPAddress? address) =>
        address is not null && AddressBits.Read(address, out _) == UInt128.Zero;
}
