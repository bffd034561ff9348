using Waypoint.Model.FilterChains;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>A filter chain with what it waits for before it may go live.</summary>
/// <param name="Chain">The chain; its HTTP filters may hold <see cref="DiscoveredFilterConfig"/>, its routes may be missing.</param>
/// <param name="Clusters">Clusters that its routes name; they need not exist.</param>
internal sealed record DecodedChain(FilterChain Chain, string[] Clusters)
{
    /// <summary>Name of the route table that comes by RDS, or null.</summary>
    public string? RouteConfigName => Chain.Http?.RouteConfigName;

    /// <summary>Names of filters that come by extension discovery.</summary>
    public IReadOnlyList<string> Extensions { get; } = ExtensionsOf(Chain);

    /// <summary>Nothing of it comes by another type: it is what its bytes say.</summary>
    public bool IsWhole => RouteConfigName is null && Extensions.Count == 0;

    private static string[] ExtensionsOf(FilterChain chain)
    {
        List<string>? names = null;
        foreach (HttpFilterConfig filter in chain.Http?.Filters ?? [])
        {
            if (filter is DiscoveredFilterConfig && names?.Contains(filter.Name) != true)
                (names ??= []).Add(filter.Name);
        }

        return names is null ? [] : [.. names];
    }
}
