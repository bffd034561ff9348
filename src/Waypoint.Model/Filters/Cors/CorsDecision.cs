namespace Waypoint.Model.Filters.Cors;

/// <summary>What <see cref="CorsRouteConfig.Decide"/> found.</summary>
/// <param name="Outcome">What to do.</param>
/// <param name="Origin">The allowed origin as the client sent it; empty if there is none.</param>
/// <param name="WantsPrivateNetwork">The preflight asks for access to a private network (<c>access-control-request-private-network: true</c>).</param>
public readonly record struct CorsDecision(CorsOutcome Outcome, string Origin, bool WantsPrivateNetwork);
