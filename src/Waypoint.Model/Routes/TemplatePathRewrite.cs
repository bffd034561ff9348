using System.Diagnostics.CodeAnalysis;
using System.Text;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Routes;

/// <summary><c>path_rewrite_policy</c> with a URI template (<c>envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig</c>): builds the path anew
/// from the variables of the route's own template.</summary>
public sealed class TemplatePathRewrite : PathRewrite
{
    private readonly PathTemplate _template;
    private readonly List<(string? Literal, int Group)> _pieces;

    private TemplatePathRewrite(PathTemplate template, List<(string? Literal, int Group)> pieces)
    {
        _template = template;
        _pieces = pieces;
    }

    /// <summary>Reads a rewrite such as <c>/{two}/{one}</c>, or says why it does not go with <paramref name="template"/>.</summary>
    public static bool TryParse(string source, PathTemplate template, [NotNullWhen(true)] out TemplatePathRewrite? rewrite, [NotNullWhen(false)] out string? problem)
    {
        rewrite = null;
        problem = source.StartsWith('/') ? null : "does not begin with a slash";
        var pieces = new List<(string? Literal, int Group)>();
        for (var position = 0; problem is null && position < source.Length;)
        {
            var open = source.IndexOf('{', position);
            var literal = source[position..(open < 0 ? source.Length : open)];
            if (literal.Contains('}', StringComparison.Ordinal))
                problem = "has a closing brace without an opening one";
            if (literal.Length > 0)
                pieces.Add((literal, 0));
            if (open < 0 || problem is not null)
                break;
            var close = source.IndexOf('}', open);
            var name = close < 0 ? "" : source[(open + 1)..close];
            var variable = IndexOf(template.Variables, name);
            if (close < 0)
                problem = "lacks a closing brace";
            else if (variable < 0)
                problem = $"uses the variable '{name}', which {template.Source} does not have";
            pieces.Add((null, variable + 1));
            position = close + 1;
        }

        if (problem is not null)
            return false;
        rewrite = new TemplatePathRewrite(template, pieces);
        return true;
    }

    /// <inheritdoc/>
    public override string Rewrite(string path)
    {
        var end = LengthWithoutQuery(path);
        var match = _template.Pattern.Match(path[..end]);
        if (!match.Success)
            return path;
        var output = new StringBuilder();
        foreach (var (literal, group) in _pieces)
            output.Append(literal ?? match.Groups[group].Value);
        return output.Append(path.AsSpan(end)).ToString();
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }

        return -1;
    }
}
