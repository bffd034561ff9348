using System.Collections.Frozen;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>A node of a matcher that stands in place of a list of routes (<c>VirtualHost.matcher</c>, <c>xds.type.matcher.v3.Matcher</c> over request headers). It
/// leads to routes, whose own conditions must fit as well: if none does, the request has no route. Immutable.</summary>
public abstract class RouteTree
{
    private protected RouteTree()
    {
    }

    /// <summary><c>Route</c> or <c>RouteList</c> as the action: the first that fits.</summary>
    public static RouteTree Leaf(IReadOnlyList<Route> routes) => new LeafForm([.. routes]);

    /// <summary><c>matcher_list</c>: the first entry whose predicate fits, else <paramref name="otherwise"/>.</summary>
    public static RouteTree List(IReadOnlyList<KeyValuePair<HeaderPredicate, RouteTree>> entries, RouteTree? otherwise) => new ListForm([.. entries], otherwise);

    /// <summary><c>matcher_tree.exact_match_map</c> on the value of a header, several lines joined by commas; else <paramref name="otherwise"/>.</summary>
    public static RouteTree ExactMap(string header, IReadOnlyDictionary<string, RouteTree> map, RouteTree? otherwise) => new ExactMapForm(header, map, otherwise);

    /// <summary><c>matcher_tree.prefix_match_map</c>: the longest prefix that leads anywhere; else <paramref name="otherwise"/>.</summary>
    public static RouteTree PrefixMap(string header, IReadOnlyDictionary<string, RouteTree> map, RouteTree? otherwise) => new PrefixMapForm(header, map, otherwise);

    internal Route? Match<THeaders>(in RouteQuery<THeaders> query, ReadOnlySpan<char> path)
        where THeaders : struct, IHeaderView
    {
        if (FindLeaf(query.Headers) is not { } leaf)
            return null;
        foreach (var route in leaf.Routes)
        {
            if (route.Condition.Matches(query, path))
                return route;
        }

        return null;
    }

    private protected abstract LeafForm? FindLeaf<THeaders>(in THeaders headers)
        where THeaders : struct, IHeaderView;

    private protected sealed class LeafForm(Route[] routes) : RouteTree
    {
        internal Route[] Routes { get; } = routes;

        private protected override LeafForm? FindLeaf<THeaders>(in THeaders headers) => this;
    }

    private sealed class ListForm(KeyValuePair<HeaderPredicate, RouteTree>[] entries, RouteTree? otherwise) : RouteTree
    {
        private protected override LeafForm? FindLeaf<THeaders>(in THeaders headers)
        {
            foreach (var (predicate, tree) in entries)
            {
                if (predicate.Matches(headers) && tree.FindLeaf(headers) is { } leaf)
                    return leaf;
            }

            return otherwise?.FindLeaf(headers);
        }
    }

    private sealed class ExactMapForm(string header, IReadOnlyDictionary<string, RouteTree> map, RouteTree? otherwise) : RouteTree
    {
        private readonly FrozenDictionary<string, RouteTree> _map = map.ToFrozenDictionary(StringComparer.Ordinal);

        private protected override LeafForm? FindLeaf<THeaders>(in THeaders headers)
        {
            var value = HeaderPredicate.JoinedValue(headers, header);
            return (value is not null && _map.TryGetValue(value, out var tree) ? tree.FindLeaf(headers) : null) ?? otherwise?.FindLeaf(headers);
        }
    }

    private sealed class PrefixMapForm(string header, IReadOnlyDictionary<string, RouteTree> map, RouteTree? otherwise) : RouteTree
    {
        private readonly KeyValuePair<string, RouteTree>[] _longestFirst = [.. map.OrderByDescending(static entry => entry.Key.Length)];

        private protected override LeafForm? FindLeaf<THeaders>(in THeaders headers)
        {
            if (HeaderPredicate.JoinedValue(headers, header) is { } value)
            {
                foreach (var (prefix, tree) in _longestFirst)
                {
                    if (value.StartsWith(prefix, StringComparison.Ordinal) && tree.FindLeaf(headers) is { } leaf)
                        return leaf;
                }
            }

            return otherwise?.FindLeaf(headers);
        }
    }
}
