namespace Waypoint.Model.Routes;

/// <summary>Whether a route allows an upgrade (<c>RouteAction.UpgradeConfig</c>); beats the connection manager's list.</summary>
/// <param name="Type"><c>upgrade_type</c>, lower case.</param>
/// <param name="Enabled"><c>enabled</c>; default true.</param>
public sealed record UpgradeConfig(string Type, bool Enabled);
