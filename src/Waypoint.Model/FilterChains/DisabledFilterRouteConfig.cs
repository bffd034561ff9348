namespace Waypoint.Model.FilterChains;

/// <summary><c>envoy.config.route.v3.FilterConfig</c> that does nothing but skip the filter on a route.</summary>
public sealed record DisabledFilterRouteConfig() : HttpFilterRouteConfig(Disabled: true);
