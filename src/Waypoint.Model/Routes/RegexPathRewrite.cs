using Waypoint.Model.Matching;

namespace Waypoint.Model.Routes;

/// <summary><c>regex_rewrite</c>: replaces every occurrence of a pattern in the path before the query.</summary>
/// <param name="substitution">Pattern and replacement.</param>
public sealed class RegexPathRewrite(RegexSubstitution substitution) : PathRewrite
{
    /// <inheritdoc/>
    public override string Rewrite(string path)
    {
        var end = LengthWithoutQuery(path);
        return end == path.Length
            ? substitution.ReplaceAll(path)
            : string.Concat(substitution.ReplaceAll(path[..end]), path.AsSpan(end));
    }
}
