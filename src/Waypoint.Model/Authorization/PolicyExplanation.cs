namespace Waypoint.Model.Authorization;

/// <summary>Whether a policy fits, and why.</summary>
/// <param name="Name">The policy.</param>
/// <param name="Matches">Permission, principal and condition all fit.</param>
/// <param name="Permission">What may be done.</param>
/// <param name="Principal">Who may do it.</param>
/// <param name="Condition">Whether the condition holds; null: there is none.</param>
public sealed record PolicyExplanation(string Name, bool Matches, RuleExplanation Permission, RuleExplanation Principal, bool? Condition);
