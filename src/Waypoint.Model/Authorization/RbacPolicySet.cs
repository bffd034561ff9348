using System.Collections.Immutable;
using System.Text;

namespace Waypoint.Model.Authorization;

/// <summary>Policies with one action (<c>envoy.config.rbac.v3.RBAC</c>). Immutable; evaluating it neither blocks nor allocates.</summary>
public sealed class RbacPolicySet
{
    private readonly RbacPolicy[] _policies;

    /// <summary>A set of policies.</summary>
    /// <param name="action">What a match means.</param>
    /// <param name="policies">In any order. None with <see cref="RbacAction.Allow"/> denies everybody.</param>
    public RbacPolicySet(RbacAction action, IEnumerable<RbacPolicy> policies)
    {
        Action = action;
        _policies = [.. policies];
        Array.Sort(_policies, static (a, b) => Encoding.UTF8.GetBytes(a.Name).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b.Name)));
        Policies = ImmutableArray.Create(_policies);
    }

    /// <summary><c>action</c>; default <see cref="RbacAction.Allow"/>.</summary>
    public RbacAction Action { get; }

    /// <summary><c>policies</c> in the order of evaluation, by the bytes of their names: <c>rule[10]</c> stands before <c>rule[1]</c>.</summary>
    public ImmutableArray<RbacPolicy> Policies { get; }

    /// <summary>Asks the policies in order; the first that matches decides.</summary>
    public RbacVerdict Evaluate<TContext>(in TContext context)
        where TContext : struct, IAuthorizationView
    {
        RbacPolicy? match = null;
        foreach (RbacPolicy policy in _policies)
        {
            if (!policy.Matches(in context))
                continue;
            match = policy;
            break;
        }

        string details = match?.DeniedDetails ?? RbacVerdict.DeniedByNone;
        return Action switch
        {
            RbacAction.Allow => new RbacVerdict(match is not null, match?.Name, null, details),
            RbacAction.Deny => new RbacVerdict(match is null, match?.Name, null, details),
            _ => new RbacVerdict(true, match?.Name, match is not null, details),
        };
    }
}
