namespace Waypoint.Model.Routes;

/// <summary><c>envoy.config.route.v3.RouteConfiguration</c> as an immutable lookup.</summary>
public sealed class RouteTable
{
    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }
}
