using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Filters.Fault;

/// <summary><c>envoy.extensions.filters.http.fault.v3.HTTPFault</c> on a chain.</summary>
/// <param name="Name"><c>HttpFilter.name</c>.</param>
/// <param name="Faults">What is injected where a route says nothing else; istiod sends <see cref="FaultInjection.None"/>.</param>
public sealed record FaultFilterConfig(string Name, FaultInjection Faults) : HttpFilterConfig(Name);
