using System.Net.Sockets;

namespace Waypoint.Model.FilterChains;

/// <summary><c>xds.type.matcher.v3.IPMatcher</c> over <c>DestinationIPInput</c>: the longest prefix is asked first, equal ones in the order of declaration; a range whose
/// nested matcher yields nothing gives way to the next one, unless it is exclusive.</summary>
public sealed class DestinationAddressMatcher : FilterChainMatcher
{
    private readonly AddressPrefixTable _ipv4;
    private readonly AddressPrefixTable _ipv6;
    private readonly FilterChainMatcher? _onNoMatch;

    /// <summary>Makes a node from ranges in the order of declaration.</summary>
    public DestinationAddressMatcher(IEnumerable<AddressRange> ranges, FilterChainMatcher? onNoMatch)
    {
        ILookup<bool, AddressRange> byFamily = ranges.ToLookup(r => r.Prefix.AddressFamily == AddressFamily.InterNetwork);
        _ipv4 = new AddressPrefixTable(32, byFamily[true]);
        _ipv6 = new AddressPrefixTable(128, byFamily[false]);
        _onNoMatch = onNoMatch;
    }

    /// <inheritdoc/>
    public override FilterChainDecision Decide(in FilterChainQuery query)
    {
        FilterChainDecision decision = FilterChainDecision.None;
        if (query.DestinationAddress is { } address)
        {
            UInt128 bits = AddressBits.Read(address, out bool isIPv4);
            decision = (isIPv4 ? _ipv4 : _ipv6).Decide(bits, query);
        }

        return decision != FilterChainDecision.None ? decision : _onNoMatch?.Decide(query) ?? FilterChainDecision.None;
    }
}
