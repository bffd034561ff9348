using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>What a route says to the filter (<c>PerRouteConfig</c>).</summary>
/// <param name="RequirementName"><c>requirement_name</c>: takes the place of the rules; null: <c>disabled</c>.</param>
public sealed record JwtRouteConfig(string? RequirementName) : HttpFilterRouteConfig(RequirementName is null);
