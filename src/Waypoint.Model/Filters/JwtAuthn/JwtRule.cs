using Waypoint.Model.Routes;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Which requests need what (<c>RequirementRule</c>).</summary>
/// <param name="Condition"><c>match</c>.</param>
/// <param name="Requirement"><c>requires</c>, or what <c>requirement_name</c> names; null: nothing is asked and nothing looked at.</param>
public sealed record JwtRule(RouteCondition Condition, JwtRequirement? Requirement);
