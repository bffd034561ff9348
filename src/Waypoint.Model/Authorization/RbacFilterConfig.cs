using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Authorization;

/// <summary><c>envoy.extensions.filters.http.rbac.v3.RBAC</c> on a chain.</summary>
/// <param name="Name"><c>HttpFilter.name</c>.</param>
public sealed record RbacFilterConfig(string Name) : HttpFilterConfig(Name);
