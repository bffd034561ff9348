namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary><c>requires_all</c>: every part must be met.</summary>
/// <param name="Parts"><c>requirements</c> in order.</param>
public sealed record AllRequirement(IReadOnlyList<JwtRequirement> Parts) : JwtRequirement;
