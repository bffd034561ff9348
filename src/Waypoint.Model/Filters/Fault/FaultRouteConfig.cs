using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Filters.Fault;

/// <summary><c>envoy.extensions.filters.http.fault.v3.HTTPFault</c> on a route: takes the place of the filter's own faults.</summary>
/// <param name="Faults">What is injected.</param>
public sealed record FaultRouteConfig(FaultInjection Faults) : HttpFilterRouteConfig;
