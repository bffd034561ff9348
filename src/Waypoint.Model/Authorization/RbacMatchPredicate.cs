using Waypoint.Model.Matching;

namespace Waypoint.Model.Authorization;

/// <summary>A condition in a matcher tree (<c>xds.type.matcher.v3.Matcher.MatcherList.Predicate</c>). Immutable.</summary>
public abstract class RbacMatchPredicate
{
    private RbacMatchPredicate()
    {
    }

    /// <summary><c>single_predicate</c> with <c>value_match</c>.</summary>
    public sealed class Text(RbacMatchInput input, StringMatcher matcher) : RbacMatchPredicate
    {
        internal readonly RbacMatchInput Input = input;
        internal readonly StringMatcher Matcher = matcher;
    }

    /// <summary><c>single_predicate</c> with a <c>CelMatcher</c>.</summary>
    public sealed class Condition(ConditionExpression expression) : RbacMatchPredicate
    {
        internal readonly ConditionExpression Expression = expression;
    }

    /// <summary><c>and_matcher</c>.</summary>
    public sealed class All(RbacMatchPredicate[] predicates) : RbacMatchPredicate
    {
        internal readonly RbacMatchPredicate[] Predicates = predicates;
    }

    /// <summary><c>or_matcher</c>.</summary>
    public sealed class AnyOf(RbacMatchPredicate[] predicates) : RbacMatchPredicate
    {
        internal readonly RbacMatchPredicate[] Predicates = predicates;
    }

    /// <summary><c>not_matcher</c>.</summary>
    public sealed class Not(RbacMatchPredicate predicate) : RbacMatchPredicate
    {
        internal readonly RbacMatchPredicate Predicate = predicate;
    }

    internal static bool Matches<TContext>(RbacMatchPredicate predicate, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        switch (predicate)
        {
            case Text text:
                Span<char> scratch = stackalloc char[RbacMatchInput.ScratchLength];
                return text.Input.TryRead(in context, scratch, out ReadOnlySpan<char> value) && text.Matcher.Matches(value);
            case Condition condition:
                return ConditionEvaluator.Holds(condition.Expression, in context);
            case All all:
                foreach (RbacMatchPredicate inner in all.Predicates)
                {
                    if (!Matches(inner, in context))
                        return false;
                }

                return true;
            case AnyOf any:
                foreach (RbacMatchPredicate inner in any.Predicates)
                {
                    if (Matches(inner, in context))
                        return true;
                }

                return false;
            case Not not:
                return !Matches(not.Predicate, in context);
            default:
                throw new InvalidOperationException("A form of predicate that the evaluator does not know: " + predicate.GetType().Name);
        }
    }
}
