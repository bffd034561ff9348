using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>Puts the results of the leaves of a requirement together.</summary>
public static class RequirementTree
{
    /// <summary>The result of the whole; null if it depends on a leaf that is not known yet. Leaves are asked in order, and none after the result stands.</summary>
    public static JwtStatus? Evaluate<TChecks>(JwtRequirement requirement, ref TChecks checks)
        where TChecks : struct, ITokenChecks, allows ref struct => requirement switch
        {
            TokenRequirement tokens => checks.Check(tokens),
            AnyRequirement any => EvaluateAny(any, ref checks),
            AllRequirement all => EvaluateAll(all, ref checks),
            NoRequirement => JwtStatus.Ok,
            _ => throw new ArgumentOutOfRangeException(nameof(requirement)),
        };

    private static JwtStatus? EvaluateAny<TChecks>(AnyRequirement any, ref TChecks checks)
        where TChecks : struct, ITokenChecks, allows ref struct
    {
        var pending = false;
        var final = JwtStatus.JwtMissed;
        for (var i = 0; i < any.Parts.Count; i++)
        {
            switch (Evaluate(any.Parts[i], ref checks))
            {
                case null:
                    pending = true;
                    break;
                case JwtStatus.Ok:
                    return JwtStatus.Ok;
                // "No token" and "another issuer" say nothing when another part had something to object to.
                case var failed when final == JwtStatus.JwtMissed || failed is not (JwtStatus.JwtMissed or JwtStatus.JwtUnknownIssuer):
                    final = failed.Value;
                    break;
            }
        }

        if (pending)
            return null;
        return any.AllowMissingOrFailed || (any.AllowMissing && final == JwtStatus.JwtMissed) ? JwtStatus.Ok : final;
    }

    private static JwtStatus? EvaluateAll<TChecks>(AllRequirement all, ref TChecks checks)
        where TChecks : struct, ITokenChecks, allows ref struct
    {
        var pending = false;
        for (var i = 0; i < all.Parts.Count; i++)
        {
            switch (Evaluate(all.Parts[i], ref checks))
            {
                case null:
                    pending = true;
                    break;
                case JwtStatus.Ok:
                    break;
                case var failed:
                    return failed;
            }
        }

        return pending ? null : JwtStatus.Ok;
    }
}
