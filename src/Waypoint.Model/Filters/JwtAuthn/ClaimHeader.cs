namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>A claim that goes upstream as a header (<c>claim_to_headers</c>).</summary>
/// <param name="Header">Lower case.</param>
/// <param name="Claim">Names from the payload down; dots divide them.</param>
public sealed record ClaimHeader(string Header, IReadOnlyList<string> Claim);
