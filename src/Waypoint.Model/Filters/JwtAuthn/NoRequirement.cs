namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>A requirement without content: every request passes, and no token is looked at.</summary>
public sealed record NoRequirement : JwtRequirement;
