using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Filters.HeaderMutation;

/// <summary><c>HeaderMutationPerRoute</c> of all levels that have one: every one counts, not only the most specific.</summary>
/// <param name="Levels">From the table down to the route.</param>
public sealed record HeaderMutationRouteConfig(IReadOnlyList<MutationSet> Levels) : HttpFilterRouteConfig
{
    /// <inheritdoc/>
    public override HttpFilterRouteConfig Over(HttpFilterRouteConfig outer) =>
        outer is HeaderMutationRouteConfig other ? new HeaderMutationRouteConfig([.. other.Levels, .. Levels]) : this;
}
