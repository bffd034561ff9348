using Waypoint.Model.Authorization;

namespace Waypoint.Offline;

/// <summary>What one filter says.</summary>
/// <param name="Filter">Its name.</param>
/// <param name="Action">What it does: ALLOW, DENY, LOG, ask, and whether only in the shadow.</param>
/// <param name="Passes">It lets the request go on.</param>
/// <param name="Policy">The policy that decided; null: none fitted, or it has no policies.</param>
/// <param name="Policies">Every policy with the predicates that decided it.</param>
/// <param name="Note">What there is to say besides.</param>
internal sealed record FilterFinding(string Filter, string Action, bool Passes, string? Policy, IReadOnlyList<PolicyExplanation> Policies, string? Note = null);
