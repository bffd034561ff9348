using Waypoint.Model.FilterChains;
using Waypoint.Xds.Decoding.Listeners;

namespace Waypoint.Xds.Store;

/// <summary>What listener <c>main_internal</c> holds, after decoding: the newest version that can be used of every part.</summary>
/// <param name="Chains">By name, with the last good version and why a newer one was refused.</param>
/// <param name="Matcher">Chooses among them; null matches nothing.</param>
/// <param name="UninspectedPorts">Where nobody looks at the protocol.</param>
/// <param name="AccessLogEnabled">Whether tunnels without a chain are logged.</param>
internal sealed record ChainSet(
    IReadOnlyDictionary<string, ChainSet.Version> Chains, FilterChainMatcher? Matcher, PortSet UninspectedPorts, bool AccessLogEnabled)
{
    /// <summary>Nothing.</summary>
    public static ChainSet Empty { get; } = new(new Dictionary<string, Version>(), null, PortSet.None, false);

    /// <summary>One chain.</summary>
    /// <param name="Good">The last good version, or null.</param>
    /// <param name="Refusal">Why the newest was refused, or null.</param>
    public readonly record struct Version(DecodedChain? Good, string? Refusal);
}
