using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Filters.Cors;

/// <summary><c>envoy.extensions.filters.http.cors.v3.Cors</c> on a chain. Has no settings of its own: a <see cref="CorsRouteConfig"/> makes it act.</summary>
/// <param name="Name"><c>HttpFilter.name</c>.</param>
public sealed record CorsFilterConfig(string Name) : HttpFilterConfig(Name);
