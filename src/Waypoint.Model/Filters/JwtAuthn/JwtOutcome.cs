using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>The result of an evaluation.</summary>
/// <param name="Status">What became of the request; meaningless while keys are missing.</param>
/// <param name="MissingKeys">Index of the provider whose keys have to be fetched before the result is known, and nothing has been done to the request; null: the result stands.</param>
/// <param name="ChangesRoute">The route has to be chosen again.</param>
public readonly record struct JwtOutcome(JwtStatus Status, int? MissingKeys, bool ChangesRoute);
