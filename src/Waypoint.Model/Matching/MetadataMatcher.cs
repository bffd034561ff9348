using Waypoint.Model.Requests;

namespace Waypoint.Model.Matching;

/// <summary><c>envoy.type.matcher.v3.MetadataMatcher</c>: a condition on what a filter left in the dynamic metadata. Immutable.</summary>
/// <param name="filter"><c>filter</c>: under which name.</param>
/// <param name="path"><c>path</c>: keys from there down, at least one.</param>
/// <param name="value"><c>value</c>.</param>
/// <param name="invert"><c>invert</c>.</param>
public sealed class MetadataMatcher(string filter, IReadOnlyList<string> path, ValueMatcher value, bool invert = false)
{
    private readonly string[] _path = [.. path];

    /// <summary>Under which name the value is looked for, such as <c>envoy.filters.http.jwt_authn</c>.</summary>
    public string Filter { get; } = filter;

    /// <summary>True if the metadata fit; null: there are none. Pure; does not allocate.</summary>
    public bool Matches(IMetadataView? metadata)
    {
        var found = metadata?.Get(Filter);
        foreach (var key in _path)
            found = found?.Field(key);
        return value.Matches(found) != invert;
    }

    /// <summary>The condition in words, for explanations.</summary>
    public override string ToString() => $"metadata {Filter}:{string.Join(':', _path)}{(invert ? " not" : "")} {value}";
}
