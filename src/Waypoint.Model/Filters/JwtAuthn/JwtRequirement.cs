namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>What tokens a request must have (<c>envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement</c>). Immutable; <see cref="RequirementTree"/> decides.</summary>
public abstract record JwtRequirement
{
    private protected JwtRequirement()
    {
    }
}
