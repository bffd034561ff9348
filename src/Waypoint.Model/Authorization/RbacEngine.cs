namespace Waypoint.Model.Authorization;

/// <summary>The rules of an RBAC filter, in whichever form they were sent. Immutable.</summary>
public sealed class RbacEngine
{
    private readonly RbacPolicySet? _policies;
    private readonly RbacMatchTree? _tree;

    /// <summary>Named policies (<c>rules</c>).</summary>
    public RbacEngine(RbacPolicySet policies) => _policies = policies;

    /// <summary>A matcher tree (<c>matcher</c>).</summary>
    public RbacEngine(RbacMatchTree tree) => _tree = tree;

    /// <summary>The policies, or null if this is a tree.</summary>
    public RbacPolicySet? Policies => _policies;

    /// <summary>Decides.</summary>
    public RbacVerdict Evaluate<TContext>(in TContext context)
        where TContext : struct, IAuthorizationView
        => _policies is not null ? _policies.Evaluate(in context) : _tree!.Evaluate(in context);
}
