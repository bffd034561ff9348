using System.Collections.Frozen;
using Waypoint.Model.Clusters;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Hashing;
using Waypoint.Model.Routes;
using Waypoint.Xds.Decoding.Listeners;
using Waypoint.Xds.Store;

namespace Waypoint.Xds.Snapshots;

/// <summary>Makes filter chains complete with what comes by other types (route tables, extensions), and the table of them. A chain whose inputs did not change stays the
/// same object. Not thread-safe.</summary>
internal sealed class ChainResolver(ConfigurationStores stores)
{
    private readonly Dictionary<string, Resolved> _resolved = new(StringComparer.Ordinal);
    private FilterChainMatcher? _liveMatcher;

    /// <summary>What the chains that are not live yet need and nobody has answered.</summary>
    public IReadOnlyCollection<string> WaitingFor(FilterChainTable live)
    {
        HashSet<string>? waiting = null;
        foreach (ChainSet.Version version in stores.MainListener.Current.Chains.Values)
        {
            if (version.Good is not { } chain || IsLive(chain, live))
                continue;
            foreach (string cluster in chain.Clusters)
            {
                if (stores.Clusters.Configs.TryGetValue(cluster, out ClusterConfig? config)
                    && config.Discovery == ClusterDiscovery.Eds
                    && !stores.Endpoints.IsAnswered(config.EdsServiceName))
                {
                    (waiting ??= []).Add(config.EdsServiceName);
                }
            }

            if (chain.RouteConfigName is { } table && !stores.Routes.Contains(table))
                (waiting ??= []).Add(table);
            foreach (string extension in chain.Extensions)
            {
                if (!stores.Extensions.Contains(extension))
                    (waiting ??= []).Add(extension);
            }
        }

        return waiting ?? (IReadOnlyCollection<string>)[];
    }

    /// <summary>The table of the newest chains; <paramref name="live"/> itself if nothing is different.</summary>
    /// <param name="live">What serves now: its chains stand in for newer ones that cannot be completed.</param>
    public FilterChainTable Resolve(FilterChainTable live)
    {
        MainListenerStore listener = stores.MainListener;
        ChainSet set = listener.Current;
        var chains = new Dictionary<string, FilterChain>(set.Chains.Count, StringComparer.Ordinal);
        bool same = set.Chains.Count == live.Chains.Count
            && ReferenceEquals(set.Matcher, _liveMatcher)
            && ReferenceEquals(set.UninspectedPorts, live.UninspectedPorts)
            && set.AccessLogEnabled == live.AccessLogEnabled
            && listener.RefusedBecause == live.RefusedBecause;
        foreach ((string name, ChainSet.Version version) in set.Chains)
        {
            FilterChain? before = live.Chains.GetValueOrDefault(name);
            FilterChain chain = Resolve(name, version, before);
            same &= ReferenceEquals(chain, before);
            chains.Add(name, chain);
        }

        if (same)
            return live;
        foreach (string gone in _resolved.Keys.Where(name => !set.Chains.ContainsKey(name)).ToArray())
            _resolved.Remove(gone);
        _liveMatcher = set.Matcher;
        return new FilterChainTable(chains.ToFrozenDictionary(StringComparer.Ordinal), set.Matcher)
        {
            AccessLogEnabled = set.AccessLogEnabled,
            UninspectedPorts = set.UninspectedPorts,
            RefusedBecause = listener.RefusedBecause,
        };
    }

    private bool IsLive(DecodedChain chain, FilterChainTable live)
    {
        FilterChain? now = live.Chains.GetValueOrDefault(chain.Chain.Name);
        if (chain.IsWhole)
            return ReferenceEquals(chain.Chain, now);
        return _resolved.TryGetValue(chain.Chain.Name, out Resolved? resolved) && ReferenceEquals(resolved.From, chain) && ReferenceEquals(resolved.Chain, now);
    }

    private FilterChain Resolve(string name, ChainSet.Version version, FilterChain? before)
    {
        if (version.Good is not { } chain)
            return Refused(name, version.Refusal ?? "it was refused", before);
        if (chain.IsWhole)
        {
            _resolved.Remove(name);
            return chain.Chain;
        }

        RouteTable? routes = chain.RouteConfigName is { } table ? stores.Routes.Find(table) : null;
        StoredExtension?[] extensions = chain.Extensions.Count == 0 ? [] : [.. chain.Extensions.Select(stores.Extensions.Find)];
        if (_resolved.TryGetValue(name, out Resolved? last)
            && ReferenceEquals(last.From, chain) && ReferenceEquals(last.Routes, routes) && last.Extensions.AsSpan().SequenceEqual(extensions))
        {
            return last.Chain;
        }

        FilterChain made = Complete(chain, routes, before);
        _resolved[name] = new Resolved(chain, made, routes, extensions);
        return made;
    }

    private FilterChain Complete(DecodedChain chain, RouteTable? routes, FilterChain? before)
    {
        HttpConnectionConfig http = chain.Chain.Http!;
        var filters = new List<HttpFilterConfig>(http.Filters.Count);
        foreach (HttpFilterConfig filter in http.Filters)
        {
            if (filter is not DiscoveredFilterConfig discovered)
            {
                filters.Add(filter);
                continue;
            }

            if (stores.Extensions.Find(discovered.Name) is not { } extension)
            {
                string why = stores.Extensions.RefusalOf(discovered.Name) ?? $"HTTP filter '{discovered.Name}' did not arrive by extension discovery";
                return Refused(chain.Chain.Name, why, before);
            }

            if (!discovered.AcceptedTypes.Contains(extension.TypeName))
                return Refused(chain.Chain.Name, $"HTTP filter '{discovered.Name}' arrived as '{extension.TypeName}', which its chain does not name", before);
            if (extension.Filter is not null)
                filters.Add(extension.Filter);
        }

        return chain.Chain with { Http = http with { Routes = routes ?? http.Routes, Filters = filters } };
    }

    /// <summary>What serves in place of a version that cannot: the one before it, or a chain that answers 503.</summary>
    private static FilterChain Refused(string name, string why, FilterChain? before)
    {
        if (before is not null && (before.RefusedBecause is null || before.RefusedBecause == why))
            return before;
        return new FilterChain { Name = name, ContentHash = ContentHash.None, RefusedBecause = why };
    }

    private sealed record Resolved(DecodedChain From, FilterChain Chain, RouteTable? Routes, StoredExtension?[] Extensions);
}
