namespace Waypoint.Model.Authorization;

/// <summary>One named policy (<c>envoy.config.rbac.v3.Policy</c>): matches when its permission, its principal and its condition all do. Immutable.</summary>
public sealed class RbacPolicy
{
    /// <summary>A policy.</summary>
    /// <param name="name">Key in <c>RBAC.policies</c>, such as <c>ns[shop]-policy[viewer]-rule[0]</c>.</param>
    /// <param name="permission">What may be done: any of <c>permissions</c>.</param>
    /// <param name="principal">Who may do it: any of <c>principals</c>.</param>
    /// <param name="condition"><c>condition</c>, or null if there is none.</param>
    public RbacPolicy(string name, AuthorizationRule permission, AuthorizationRule principal, ConditionExpression? condition = null)
    {
        Name = name;
        Permission = permission;
        Principal = principal;
        Condition = condition;
        DeniedDetails = RbacVerdict.DetailsFor(name);
    }

    /// <summary>Key in <c>RBAC.policies</c>.</summary>
    public string Name { get; }

    /// <summary>What may be done.</summary>
    public AuthorizationRule Permission { get; }

    /// <summary>Who may do it.</summary>
    public AuthorizationRule Principal { get; }

    /// <summary>What must hold besides; null: nothing.</summary>
    public ConditionExpression? Condition { get; }

    /// <summary>The response code details of a denial by this policy, written once so that a denied request costs no text.</summary>
    public string DeniedDetails { get; }

    /// <summary>True if the policy applies.</summary>
    internal bool Matches<TContext>(in TContext context)
        where TContext : struct, IAuthorizationView
        => RuleEvaluator.Matches(Permission, in context)
            && RuleEvaluator.Matches(Principal, in context)
            && (Condition is null || ConditionEvaluator.Holds(Condition, in context));
}
