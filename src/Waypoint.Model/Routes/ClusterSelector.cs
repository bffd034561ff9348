using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>One cluster, a header that names it, or several with weights (<c>RouteAction.cluster_specifier</c>). Immutable.</summary>
public sealed class ClusterSelector
{
    private readonly string? _name;
    private readonly string? _header;
    private readonly WeightedCluster[] _weighted;
    private readonly string? _randomHeader;
    private readonly uint _totalWeight;
    private readonly bool _hasRuntimeWeights;

    private ClusterSelector(string? name, string? header, WeightedCluster[] weighted, string? randomHeader)
    {
        _name = name;
        _header = header;
        _weighted = weighted;
        _randomHeader = randomHeader;
        foreach (var entry in weighted)
        {
            _totalWeight += entry.Weight;
            _hasRuntimeWeights |= entry.RuntimeKey is not null;
        }
    }

    /// <summary>Entries of a weighted list; empty for the other forms.</summary>
    public IReadOnlyList<WeightedCluster> Weighted => _weighted;

    /// <summary>The one cluster; null for the other forms.</summary>
    public string? Name => _name;

    /// <summary><c>cluster</c>.</summary>
    public static ClusterSelector Single(string name) => new(name, null, [], null);

    /// <summary><c>cluster_header</c>; <paramref name="header"/> in lower case.</summary>
    public static ClusterSelector FromHeader(string header) => new(null, header, [], null);

    /// <summary><c>weighted_clusters</c>; weights sum to 1-4294967295. <paramref name="randomHeader"/> (lower case) is the header that holds the random number,
    /// null: drawn per request.</summary>
    public static ClusterSelector ByWeight(IReadOnlyList<WeightedCluster> clusters, string? randomHeader = null) => new(null, null, [.. clusters], randomHeader);

    internal ClusterChoice Select<THeaders>(ulong random, in THeaders headers, RuntimeValues? runtime)
        where THeaders : struct, IHeaderView
    {
        if (_name is not null)
            return new ClusterChoice(_name, null);
        if (_header is not null)
            return new ClusterChoice(FirstValue(headers, _header), null);
        if (_randomHeader is not null && ulong.TryParse(FirstValue(headers, _randomHeader), out var given))
            random = given;

        var effective = _hasRuntimeWeights ? runtime : null;
        ulong total = _totalWeight;
        if (effective is not null)
        {
            total = 0;
            foreach (var entry in _weighted)
                total += Weight(entry, effective);
        }

        // Runtime may set every weight to zero; the configured ones never sum to it.
        if (total == 0)
            return new ClusterChoice("", null);
        var position = random % total;
        foreach (var entry in _weighted)
        {
            var weight = Weight(entry, effective);
            if (position < weight)
                return new ClusterChoice(entry.ClusterHeader is null ? entry.Name : FirstValue(headers, entry.ClusterHeader), entry);
            position -= weight;
        }

        return new ClusterChoice("", null);
    }

    private static ulong Weight(WeightedCluster entry, RuntimeValues? runtime) =>
        (entry.RuntimeKey is null ? null : runtime?.Find(entry.RuntimeKey)) ?? entry.Weight;

    private static string FirstValue<THeaders>(in THeaders headers, string name)
        where THeaders : struct, IHeaderView => headers.Count(name) > 0 ? headers.Get(name, 0) : "";
}
