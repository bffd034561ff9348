using System.Collections.Frozen;

namespace Waypoint.Model.FilterChains;

/// <summary>Ranges of one address family: a dictionary of masked addresses for every prefix length that occurs, longest first. istiod sends nothing but full
/// addresses, so that hundreds of services cost one lookup.</summary>
internal sealed class AddressPrefixTable
{
    private readonly Level[] _levels;

    public AddressPrefixTable(int width, IEnumerable<AddressRange> ranges)
    {
        _levels =
        [
            .. ranges.GroupBy(r => r.Length).OrderByDescending(g => g.Key).Select(group =>
            {
                UInt128 mask = AddressBits.Mask(group.Key, width);
                return new Level(mask, group
                    .GroupBy(r => AddressBits.Read(r.Prefix, out _) & mask)
                    .ToFrozenDictionary(g => g.Key, g => g.ToArray()));
            }),
        ];
    }

    public FilterChainDecision Decide(UInt128 address, in FilterChainQuery query)
    {
        foreach (Level level in _levels)
        {
            if (!level.Ranges.TryGetValue(address & level.Mask, out AddressRange[]? candidates))
                continue;
            foreach (ref readonly AddressRange candidate in candidates.AsSpan())
            {
                FilterChainDecision decision = candidate.Next.Decide(query);
                if (decision != FilterChainDecision.None || candidate.Exclusive)
                    return decision;
            }
        }

        return FilterChainDecision.None;
    }

    private readonly record struct Level(UInt128 Mask, FrozenDictionary<UInt128, AddressRange[]> Ranges);
}
