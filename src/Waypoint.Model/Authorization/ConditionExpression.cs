namespace Waypoint.Model.Authorization;

/// <summary>A condition of a policy (<c>google.api.expr.v1alpha1.Expr</c>), as far as it is understood: comparisons of request attributes, headers and metadata with
/// constants, joined by and, or, not. The decoder refuses every other expression. istiod never sends one; an EnvoyFilter may. Immutable.</summary>
public abstract class ConditionExpression
{
    private ConditionExpression()
    {
    }

    /// <summary><c>const_expr</c>.</summary>
    public sealed class Constant(ConditionValue value) : ConditionExpression
    {
        internal readonly ConditionValue Value = value;
    }

    /// <summary>An attribute of the request or the connection.</summary>
    public sealed class Attribute(ConditionAttribute name) : ConditionExpression
    {
        internal readonly ConditionAttribute Name = name;
    }

    /// <summary><c>request.headers[name]</c>: several lines are joined with a comma; an absent header is an error.</summary>
    public sealed class Header(string name) : ConditionExpression
    {
        internal readonly string Name = name;
    }

    /// <summary><c>metadata.filter_metadata[filter][key]...</c>.</summary>
    public sealed class Metadata(string filter, string[] path) : ConditionExpression
    {
        internal readonly string Filter = filter;
        internal readonly string[] Path = path;
    }

    /// <summary>A comparison.</summary>
    public sealed class Comparison(ConditionExpression left, ConditionRelation relation, ConditionExpression right) : ConditionExpression
    {
        internal readonly ConditionExpression Left = left;
        internal readonly ConditionRelation Relation = relation;
        internal readonly ConditionExpression Right = right;
    }

    /// <summary><c>&amp;&amp;</c>: false if either is false, even beside an error.</summary>
    public sealed class Both(ConditionExpression left, ConditionExpression right) : ConditionExpression
    {
        internal readonly ConditionExpression Left = left;
        internal readonly ConditionExpression Right = right;
    }

    /// <summary><c>||</c>: true if either is true, even beside an error.</summary>
    public sealed class Either(ConditionExpression left, ConditionExpression right) : ConditionExpression
    {
        internal readonly ConditionExpression Left = left;
        internal readonly ConditionExpression Right = right;
    }

    /// <summary><c>!</c>: of an error an error.</summary>
    public sealed class Not(ConditionExpression operand) : ConditionExpression
    {
        internal readonly ConditionExpression Operand = operand;
    }
}
