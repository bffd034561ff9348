namespace Waypoint.Model.Authorization;

/// <summary>What a matching policy means (<c>envoy.config.rbac.v3.RBAC.Action</c>).</summary>
public enum RbacAction
{
    /// <summary>Who matches no policy is denied (the default).</summary>
    Allow,

    /// <summary>Who matches a policy is denied.</summary>
    Deny,

    /// <summary>Nobody is denied; a match is a hint for the access log.</summary>
    Log,
}
