namespace Waypoint.Offline;

/// <summary>What a configuration says about a question.</summary>
/// <param name="Outcome">In short.</param>
/// <param name="Reason">Details as a proxy would log them, or why nothing serves the destination.</param>
/// <param name="Chain">The filter chain that would be chosen; null: none.</param>
/// <param name="Route">The route; null: none, or no HTTP.</param>
/// <param name="Path">The path as policies see it, normalized.</param>
/// <param name="Filters">Every filter that was asked, in order, the refusing one last.</param>
internal sealed record AuthorizationAnswer(
    AuthorizationOutcome Outcome, string Reason, string? Chain, string? Route, string? Path, IReadOnlyList<FilterFinding> Filters);
