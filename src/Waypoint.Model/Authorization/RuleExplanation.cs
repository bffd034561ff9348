namespace Waypoint.Model.Authorization;

/// <summary>Whether a rule fits, and the predicate that decided it.</summary>
/// <param name="Matches">As <see cref="RuleEvaluator"/> says.</param>
/// <param name="Predicate">In words: the one that fitted or failed where one was enough, else all of them.</param>
public sealed record RuleExplanation(bool Matches, string Predicate);
