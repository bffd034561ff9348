namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary><c>requires_any</c>: one part must be met; the first that is ends the search, and tokens that only later parts would look at stay where they are.</summary>
/// <param name="Parts"><c>requirements</c> in order, without those that only allow.</param>
/// <param name="AllowMissing">True if <c>allow_missing</c> is among them: passes when no part found a token.</param>
/// <param name="AllowMissingOrFailed">True if <c>allow_missing_or_failed</c> is among them: passes always.</param>
public sealed record AnyRequirement(IReadOnlyList<JwtRequirement> Parts, bool AllowMissing = false, bool AllowMissingOrFailed = false) : JwtRequirement;
