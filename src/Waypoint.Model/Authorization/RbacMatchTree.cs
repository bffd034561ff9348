namespace Waypoint.Model.Authorization;

/// <summary>The matcher form of an RBAC filter (<c>RBAC.matcher</c>). istiod never sends it; an EnvoyFilter may. Nothing found means denied. Immutable.</summary>
/// <param name="root">The tree.</param>
/// <param name="hasLogAction">True if any action in the tree is <see cref="RbacAction.Log"/>: then every request gets a hint for the access log.</param>
public sealed class RbacMatchTree(RbacMatchNode root, bool hasLogAction)
{
    /// <summary>Walks the tree.</summary>
    public RbacVerdict Evaluate<TContext>(in TContext context)
        where TContext : struct, IAuthorizationView
    {
        RbacMatchResult.Decision? decision = RbacMatchNode.Find(root, in context);
        bool? hint = hasLogAction ? decision?.Action == RbacAction.Log : null;
        return decision is null
            ? new RbacVerdict(false, null, hint, RbacVerdict.DeniedByNone)
            : new RbacVerdict(decision.Action != RbacAction.Deny, decision.Name, hint, decision.DeniedDetails);
    }
}
