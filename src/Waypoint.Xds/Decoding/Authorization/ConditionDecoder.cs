using Waypoint.Model.Authorization;
using Waypoint.Protos.GoogleApi.Expr.V1Alpha1;
using KindCase = Waypoint.Protos.GoogleApi.Expr.V1Alpha1.Expr.ExprKindOneofCase;

namespace Waypoint.Xds.Decoding.Authorization;

/// <summary>Reads the expressions that conditions of policies are made of. Only comparisons of known attributes with constants, joined by and, or, not, are
/// understood; everything else is a problem.</summary>
internal static class ConditionDecoder
{
    /// <summary>Deeper expressions are refused: evaluating one takes as much stack.</summary>
    private const int MaxDepth = 32;

    private static readonly ConditionExpression Nothing = new ConditionExpression.Constant(default);

    /// <summary>Reads an expression.</summary>
    public static ConditionExpression Decode(Expr expression, DecodeContext context) => Decode(expression, context, 0);

    private static ConditionExpression Decode(Expr? expression, DecodeContext context, int depth)
    {
        if (depth > MaxDepth)
        {
            context.Refuse("", $"is nested deeper than {MaxDepth}");
            return Nothing;
        }

        switch (expression?.ExprKindCase ?? KindCase.None)
        {
            case KindCase.ConstExpr:
                return DecodeConstant(expression!.ConstExpr, context);
            case KindCase.CallExpr when expression!.CallExpr.Function != "_[_]":
                return DecodeCall(expression.CallExpr, context, depth);
            case KindCase.IdentExpr or KindCase.SelectExpr or KindCase.CallExpr:
                return DecodeAttribute(expression!, context);
            default:
                context.Refuse("", "is an expression of a kind that is not implemented", expression?.ExprKindCase.ToString());
                return Nothing;
        }
    }

    private static ConditionExpression DecodeCall(Expr.Types.Call call, DecodeContext context, int depth)
    {
        // A method and an operator differ in where the first operand stands.
        Expr?[] operands = call.Target is null ? [.. call.Args] : [call.Target, .. call.Args];
        if (call.Function == "!_" && operands.Length == 1)
            return new ConditionExpression.Not(Decode(operands[0], context, depth + 1));
        if (operands.Length == 2)
        {
            ConditionRelation? relation = call.Function switch
            {
                "_==_" => ConditionRelation.Equal,
                "_!=_" => ConditionRelation.NotEqual,
                "startsWith" => ConditionRelation.StartsWith,
                "endsWith" => ConditionRelation.EndsWith,
                "contains" => ConditionRelation.Contains,
                _ => null,
            };
            if (relation is not null || call.Function is "_&&_" or "_||_")
            {
                ConditionExpression left = Decode(operands[0], context, depth + 1);
                ConditionExpression right = Decode(operands[1], context, depth + 1);
                if (relation is { } compared)
                    return new ConditionExpression.Comparison(left, compared, right);
                return call.Function == "_&&_" ? new ConditionExpression.Both(left, right) : new ConditionExpression.Either(left, right);
            }
        }

        context.Refuse("", $"calls '{call.Function}' with {operands.Length} operands, which is not implemented",
            accepted: "_==_, _!=_, _&&_, _||_, !_, startsWith, endsWith, contains");
        return Nothing;
    }

    private static ConditionExpression DecodeConstant(Constant constant, DecodeContext context)
    {
        switch (constant.ConstantKindCase)
        {
            case Constant.ConstantKindOneofCase.BoolValue:
                return new ConditionExpression.Constant(ConditionValue.From(constant.BoolValue));
            case Constant.ConstantKindOneofCase.StringValue:
                return new ConditionExpression.Constant(ConditionValue.From(constant.StringValue));
            case Constant.ConstantKindOneofCase.Int64Value:
                return new ConditionExpression.Constant(ConditionValue.From((double)constant.Int64Value));
            case Constant.ConstantKindOneofCase.Uint64Value:
                return new ConditionExpression.Constant(ConditionValue.From((double)constant.Uint64Value));
            case Constant.ConstantKindOneofCase.DoubleValue:
                return new ConditionExpression.Constant(ConditionValue.From(constant.DoubleValue));
            default:
                context.Refuse("", "is a constant of a kind that is not implemented", constant.ConstantKindCase.ToString(), "a boolean, a number, a text");
                return Nothing;
        }
    }

    private static ConditionExpression DecodeAttribute(Expr expression, DecodeContext context)
    {
        List<string> path = [];
        string? name = TryReadPath(expression, path) ? string.Join('.', path) : null;
        switch (path)
        {
            case ["request", "headers", string header] when name is not null:
                return new ConditionExpression.Header(Matching.HeaderNameDecoder.Decode(header, "headers", context));
            case ["metadata", "filter_metadata", string filter, .. { Count: > 0 } keys] when name is not null:
                return new ConditionExpression.Metadata(filter, [.. keys]);
        }

        ConditionAttribute? attribute = name switch
        {
            "request.path" => ConditionAttribute.RequestPath,
            "request.url_path" => ConditionAttribute.RequestUrlPath,
            "request.host" => ConditionAttribute.RequestHost,
            "request.scheme" => ConditionAttribute.RequestScheme,
            "request.method" => ConditionAttribute.RequestMethod,
            "source.port" => ConditionAttribute.SourcePort,
            "destination.port" => ConditionAttribute.DestinationPort,
            "connection.mtls" => ConditionAttribute.ConnectionMtls,
            "connection.requested_server_name" => ConditionAttribute.ConnectionServerName,
            "connection.uri_san_peer_certificate" => ConditionAttribute.ConnectionUriSan,
            "connection.subject_peer_certificate" => ConditionAttribute.ConnectionSubject,
            _ => null,
        };
        if (attribute is { } known)
            return new ConditionExpression.Attribute(known);
        context.Refuse("", "asks for an attribute that is not implemented", name);
        return Nothing;
    }

    /// <summary>Reads <c>a.b["c"]</c> into its names. Not recursive: the parser bounds the depth of the message, not we.</summary>
    private static bool TryReadPath(Expr expression, List<string> path)
    {
        Expr? current = expression;
        while (current is not null)
        {
            switch (current.ExprKindCase)
            {
                case KindCase.IdentExpr:
                    path.Add(current.IdentExpr.Name);
                    path.Reverse();
                    return true;
                case KindCase.SelectExpr when !current.SelectExpr.TestOnly:
                    path.Add(current.SelectExpr.Field);
                    current = current.SelectExpr.Operand;
                    break;
                case KindCase.CallExpr when current.CallExpr is { Function: "_[_]", Target: null, Args: [var operand, { ConstExpr: { ConstantKindCase: Constant.ConstantKindOneofCase.StringValue } key }] }:
                    path.Add(key.StringValue);
                    current = operand;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }
}
