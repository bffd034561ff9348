using System.Text.RegularExpressions;

namespace Waypoint.Model.Matching;

/// <summary>A URI template such as <c>/users/{id}/files/{rest=**}</c> (<c>envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig</c>). Immutable.</summary>
public sealed class PathTemplate
{
    private readonly Regex _pattern;

    internal PathTemplate(string source, Regex pattern, IReadOnlyList<string> variables)
    {
        Source = source;
        _pattern = pattern;
        Variables = variables;
    }

    /// <summary>The template as configured.</summary>
    public string Source { get; }

    /// <summary>Names of its variables in order; variable N is capture group N + 1.</summary>
    public IReadOnlyList<string> Variables { get; }

    internal Regex Pattern => _pattern;

    /// <summary>True if the whole path (without query) fits. Pure; does not allocate.</summary>
    public bool Matches(ReadOnlySpan<char> path) => _pattern.IsMatch(path);
}
