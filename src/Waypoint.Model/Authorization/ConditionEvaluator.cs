using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Authorization;

/// <summary>Evaluates conditions with the error rules of the expression language: an error spoils a comparison and a negation, not an <c>&amp;&amp;</c> that is false nor
/// an <c>||</c> that is true anyway.</summary>
internal static class ConditionEvaluator
{
    /// <summary>True only if the condition yields true; an error does not hold.</summary>
    public static bool Holds<TContext>(ConditionExpression expression, in TContext context)
        where TContext : struct, IAuthorizationView
        => Evaluate(expression, in context).IsTrue;

    private static ConditionValue Evaluate<TContext>(ConditionExpression expression, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        switch (expression)
        {
            case ConditionExpression.Constant constant:
                return constant.Value;
            case ConditionExpression.Attribute attribute:
                return Read(attribute.Name, in context);
            case ConditionExpression.Header header:
                return ReadHeader(header.Name, in context);
            case ConditionExpression.Metadata metadata:
                return ReadMetadata(metadata, in context);
            case ConditionExpression.Comparison comparison:
                return ConditionValue.Compare(Evaluate(comparison.Left, in context), comparison.Relation, Evaluate(comparison.Right, in context));
            case ConditionExpression.Both both:
                return Joined(both.Left, both.Right, decisive: false, in context);
            case ConditionExpression.Either either:
                return Joined(either.Left, either.Right, decisive: true, in context);
            case ConditionExpression.Not not:
                ConditionValue operand = Evaluate(not.Operand, in context);
                return operand.Kind == ConditionValueKind.Boolean ? ConditionValue.From(operand.IsFalse) : default;
            default:
                throw new InvalidOperationException("A form of condition that the evaluator does not know: " + expression.GetType().Name);
        }
    }

    /// <summary>One operand of the value <paramref name="decisive"/> decides whatever the other is; else both must be booleans.</summary>
    private static ConditionValue Joined<TContext>(ConditionExpression left, ConditionExpression right, bool decisive, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        ConditionValue first = Evaluate(left, in context);
        if (Is(first, decisive))
            return first;
        ConditionValue second = Evaluate(right, in context);
        if (Is(second, decisive))
            return second;
        return Is(first, !decisive) && Is(second, !decisive) ? second : default;
    }

    private static bool Is(in ConditionValue value, bool expected) => expected ? value.IsTrue : value.IsFalse;

    private static ConditionValue Read<TContext>(ConditionAttribute name, in TContext context)
        where TContext : struct, IAuthorizationView
        => name switch
        {
            ConditionAttribute.RequestPath => ReadHeader(HeaderNames.Path, in context),
            ConditionAttribute.RequestUrlPath => ReadUrlPath(in context),
            ConditionAttribute.RequestHost => ReadHeader(HeaderNames.Authority, in context),
            ConditionAttribute.RequestScheme => ReadHeader(HeaderNames.Scheme, in context),
            ConditionAttribute.RequestMethod => ReadHeader(HeaderNames.Method, in context),
            ConditionAttribute.SourcePort => ConditionValue.From((double)context.SourcePort),
            ConditionAttribute.DestinationPort => ConditionValue.From((double)context.DestinationPort),
            ConditionAttribute.ConnectionMtls => ConditionValue.From(context.IsTls && context.PeerCertificateValidated),
            ConditionAttribute.ConnectionServerName => ConditionValue.From(context.RequestedServerName),
            ConditionAttribute.ConnectionUriSan => context.IsTls && context.UriSanCount > 0 ? ConditionValue.From(context.GetUriSan(0)) : default,
            ConditionAttribute.ConnectionSubject => context.IsTls ? ConditionValue.From(context.PeerSubject) : default,
            _ => default,
        };

    private static ConditionValue ReadHeader<TContext>(string name, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        int count = context.Count(name);
        return count switch
        {
            0 => default,
            1 => ConditionValue.From(context.Get(name, 0)),
            _ => ConditionValue.From(HeaderText.Join(name, count, in context)),
        };
    }

    private static ConditionValue ReadUrlPath<TContext>(in TContext context)
        where TContext : struct, IAuthorizationView
        => RuleEvaluator.TryGetPath(in context, out ReadOnlySpan<char> path) ? ConditionValue.From(context.Get(HeaderNames.Path, 0), path.Length) : default;

    private static ConditionValue ReadMetadata<TContext>(ConditionExpression.Metadata expression, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        MetadataValue? value = context.DynamicMetadata?.Get(expression.Filter);
        foreach (string key in expression.Path)
            value = value?.Field(key);
        return value?.Kind switch
        {
            MetadataKind.Bool => ConditionValue.From(value.Bool),
            MetadataKind.Number => ConditionValue.From(value.Number),
            MetadataKind.Text => ConditionValue.From(value.Text),
            _ => default,
        };
    }
}
