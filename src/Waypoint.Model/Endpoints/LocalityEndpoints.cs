namespace Waypoint.Model.Endpoints;

/// <summary><c>envoy.config.endpoint.v3.LocalityLbEndpoints</c>: endpoints of one locality and priority.</summary>
/// <param name="Region"><c>locality.region</c>.</param>
/// <param name="Zone"><c>locality.zone</c>.</param>
/// <param name="SubZone"><c>locality.sub_zone</c>.</param>
/// <param name="Priority">0 is used first.</param>
/// <param name="Weight"><c>load_balancing_weight</c> of the locality; 0 if absent.</param>
/// <param name="Endpoints">May be empty.</param>
public sealed record LocalityEndpoints(string Region, string Zone, string SubZone, uint Priority, uint Weight, IReadOnlyList<Endpoint> Endpoints);
