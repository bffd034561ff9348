namespace Waypoint.Model.Matching;

/// <summary><c>envoy.config.route.v3.QueryParameterMatcher</c>: asks the first parameter of the name, undecoded; a parameter without <c>=</c> has the empty
/// value. Immutable.</summary>
/// <param name="name"><c>name</c>, case-sensitive.</param>
/// <param name="value"><c>string_match</c>; null: only presence counts.</param>
/// <param name="present">With no <paramref name="value"/>: whether the parameter must be there (<c>present_match</c>; default true).</param>
public sealed class QueryParameterMatcher(string name, StringMatcher? value, bool present = true)
{
    /// <summary>True if the query of <paramref name="path"/> fits. Pure; does not allocate.</summary>
    public bool Matches(ReadOnlySpan<char> path)
    {
        var found = QueryString.TryGetFirst(path, name, out var found0);
        return value is null ? found == present : found && value.Matches(found0);
    }

    /// <summary>The condition in words, for explanations.</summary>
    public override string ToString() => $"query parameter {name} {value?.ToString() ?? (present ? "present" : "absent")}";
}
