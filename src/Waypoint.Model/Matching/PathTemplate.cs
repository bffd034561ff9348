using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Waypoint.Model.Matching;

/// <summary>A URI template such as <c>/users/{id}/files/{rest=**}</c> (<c>envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig</c>): <c>*</c> is one
/// segment, <c>**</c> any number of them, a variable without pattern is <c>*</c>. Case counts. Immutable.</summary>
public sealed class PathTemplate
{
    private PathTemplate(string source, Regex pattern, IReadOnlyList<string> variables)
    {
        Source = source;
        Pattern = pattern;
        Variables = variables;
    }

    /// <summary>The template as configured.</summary>
    public string Source { get; }

    /// <summary>Names of its variables in order; variable N is capture group N + 1 of <see cref="Pattern"/>.</summary>
    public IReadOnlyList<string> Variables { get; }

    internal Regex Pattern { get; }

    /// <summary>Reads a template, or says in <paramref name="problem"/> why it is none.</summary>
    public static bool TryParse(string source, [NotNullWhen(true)] out PathTemplate? template, [NotNullWhen(false)] out string? problem)
    {
        template = null;
        var parser = new PathTemplateParser(source);
        if (!parser.TryParse(out var pattern, out problem))
            return false;
        template = new PathTemplate(source, new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), parser.Variables);
        return true;
    }

    /// <summary>True if the whole path before the query fits. Pure; does not allocate.</summary>
    public bool Matches(ReadOnlySpan<char> pathWithQuery) => Pattern.IsMatch(PathMatcher.WithoutQuery(pathWithQuery));

    /// <summary>The condition in words, for explanations.</summary>
    public override string ToString() => $"template \"{Source}\"";
}
