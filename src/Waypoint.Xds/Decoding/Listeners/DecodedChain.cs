using Waypoint.Model.FilterChains;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>A filter chain with what it waits for before it may go live.</summary>
/// <param name="Chain">The chain; its HTTP filters may hold <see cref="DiscoveredFilterConfig"/>, its routes may be missing.</param>
/// <param name="Clusters">Clusters that its routes name; they need not exist.</param>
internal sealed record DecodedChain(FilterChain Chain, IReadOnlyCollection<string> Clusters)
{
    /// <summary>Name of the route table that comes by RDS, or null.</summary>
    public string? RouteConfigName => Chain.Http?.RouteConfigName;

    /// <summary>Names of filters that come by extension discovery.</summary>
    public IReadOnlyList<string> Extensions { get; } =
        Chain.Http is { } http ? [.. http.Filters.OfType<DiscoveredFilterConfig>().Select(f => f.Name).Distinct()] : [];
}
