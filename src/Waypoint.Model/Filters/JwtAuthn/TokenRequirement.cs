using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Looks at tokens: <c>provider_name</c>, <c>provider_and_audiences</c>, <c>allow_missing</c> and <c>allow_missing_or_failed</c>.
/// Of several tokens all must be good, or a backend might take the bad one for the good one; only with one of the last two forms a bad one is passed over.</summary>
/// <param name="Locations">Where tokens are looked for.</param>
/// <param name="Provider">Index of the provider; null: by the token's issuer.</param>
/// <param name="Audiences">Takes the place of the provider's audiences; null: those.</param>
/// <param name="AllowMissing">Passes without a token.</param>
/// <param name="AllowFailed">Passes with a bad token; a good one still leaves its claims.</param>
public sealed record TokenRequirement(
    TokenLocations Locations, int? Provider = null, AudienceSet? Audiences = null, bool AllowMissing = false, bool AllowFailed = false) : JwtRequirement;
