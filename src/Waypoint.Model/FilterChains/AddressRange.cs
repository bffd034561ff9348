using System.Net;

namespace Waypoint.Model.FilterChains;

/// <summary>One range of <c>IPMatcher.range_matchers</c>.</summary>
/// <param name="Prefix">An address in the range; bits beyond <paramref name="Length"/> do not count.</param>
/// <param name="Length">Prefix length in bits: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
/// <param name="Next">What decides for addresses in the range.</param>
/// <param name="Exclusive">True: if <paramref name="Next"/> yields nothing, no wider range is asked.</param>
public readonly record struct AddressRange(IPAddress Prefix, int Length, FilterChainMatcher Next, bool Exclusive);
