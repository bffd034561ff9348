using Waypoint.Model.Endpoints;

namespace Waypoint.Model.LoadBalancing;

/// <summary>The subsets of a cluster's endpoints, each made ready for picking. Immutable; a look-up allocates only where a selector falls back to fewer labels.</summary>
internal sealed class SubsetTable
{
    private readonly Dictionary<string, Selected> _selectors = new(StringComparer.Ordinal);
    private readonly SubsetFallback _fallback;
    private readonly EndpointTier[] _any;
    private readonly EndpointTier[] _default;

    /// <param name="config">The selectors.</param>
    /// <param name="endpoints">All endpoints of the set.</param>
    /// <param name="build">Makes tiers of the endpoints it says yes to; null: of all.</param>
    public SubsetTable(SubsetConfig config, Endpoint[] endpoints, Func<Func<int, bool>?, EndpointTier[]> build)
    {
        _fallback = config.Fallback;
        _any = build(null);
        _default = build(index => endpoints[index].Labels.Contains(config.DefaultSubset));
        foreach (SubsetSelector selector in config.Selectors)
        {
            var subsets = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
            for (int i = 0; i < endpoints.Length; i++)
            {
                if (endpoints[i].Labels.Only(selector.Keys) is not { } labels)
                    continue;
                if (!subsets.TryGetValue(labels.Text, out HashSet<int>? members))
                    subsets.Add(labels.Text, members = []);
                members.Add(i);
            }

            _selectors.TryAdd(
                SubsetLabels.NamesText(selector.Keys),
                new Selected(selector, subsets.ToDictionary(static s => s.Key, s => build(s.Value.Contains), StringComparer.Ordinal)));
        }
    }

    /// <summary>The tiers for a request whose route asks for <paramref name="wanted"/>; empty if it finds nobody.</summary>
    public EndpointTier[] Find(SubsetLabels? wanted)
    {
        while (wanted is { Count: > 0 } && _selectors.TryGetValue(wanted.Names, out Selected? selected))
        {
            if (selected.Subsets.TryGetValue(wanted.Text, out EndpointTier[]? tiers))
                return tiers;
            if (selected.Selector.Fallback is not { } fallback)
                break;
            if (fallback != SubsetFallback.FewerLabels)
                return FallBack(fallback);
            // Ends: the fallback's keys are fewer each time.
            wanted = wanted.Only(selected.Selector.FallbackKeys);
        }

        return FallBack(_fallback);
    }

    private EndpointTier[] FallBack(SubsetFallback fallback) => fallback switch
    {
        SubsetFallback.AnyEndpoint => _any,
        SubsetFallback.DefaultSubset => _default,
        _ => [],
    };

    private sealed record Selected(SubsetSelector Selector, Dictionary<string, EndpointTier[]> Subsets);
}
