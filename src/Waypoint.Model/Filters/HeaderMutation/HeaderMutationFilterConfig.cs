using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Filters.HeaderMutation;

/// <summary><c>envoy.extensions.filters.http.header_mutation.v3.HeaderMutation</c> on a chain.</summary>
/// <param name="Name"><c>HttpFilter.name</c>.</param>
/// <param name="Mutations"><c>mutations</c>, made before those of routes.</param>
/// <param name="MostSpecificWins"><c>most_specific_header_mutations_wins</c>: of the routes' levels the most specific is applied last; otherwise it is first.</param>
public sealed record HeaderMutationFilterConfig(string Name, MutationSet Mutations, bool MostSpecificWins) : HttpFilterConfig(Name)
{
    /// <summary>All changes for a request, in order.</summary>
    /// <param name="route">What route, virtual host and table say; null: nothing.</param>
    public IEnumerable<MutationSet> For(HeaderMutationRouteConfig? route)
    {
        yield return Mutations;
        if (route is null)
            yield break;
        for (var i = 0; i < route.Levels.Count; i++)
            yield return route.Levels[MostSpecificWins ? i : route.Levels.Count - 1 - i];
    }
}
