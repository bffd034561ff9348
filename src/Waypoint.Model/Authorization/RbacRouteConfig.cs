using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Authorization;

/// <summary><c>envoy.extensions.filters.http.rbac.v3.RBACPerRoute</c>: takes the place of the filter's own rules on a route.</summary>
/// <param name="Rules"><c>rbac</c>; <see cref="RbacRules.None"/> if absent, which turns the filter off.</param>
public sealed record RbacRouteConfig(RbacRules Rules) : HttpFilterRouteConfig;
