using Waypoint.Model.FilterChains;

namespace Waypoint.Model.Filters.GrpcWeb;

/// <summary><c>envoy.extensions.filters.http.grpc_web.v3.GrpcWeb</c> on a chain; it has no settings.</summary>
/// <param name="Name"><c>HttpFilter.name</c>.</param>
public sealed record GrpcWebFilterConfig(string Name) : HttpFilterConfig(Name);
