using System.Collections.Frozen;

namespace Waypoint.Model.FilterChains;

/// <summary>What a route, virtual host or weighted cluster says to one HTTP filter (a value of <c>typed_per_filter_config</c>; the key is the filter's name).</summary>
/// <param name="Disabled"><c>FilterConfig.disabled</c>: the filter is skipped.</param>
public abstract record HttpFilterRouteConfig(bool Disabled = false)
{
    /// <summary>Nothing for any filter.</summary>
    public static IReadOnlyDictionary<string, HttpFilterRouteConfig> NoConfigs { get; } = FrozenDictionary<string, HttpFilterRouteConfig>.Empty;

    /// <summary>These settings over those of the next level out (the virtual host's around the route's). Most filters take the innermost alone.</summary>
    public virtual HttpFilterRouteConfig Over(HttpFilterRouteConfig outer) => this;
}
