namespace Waypoint.Model.Routes;

/// <summary><c>prefix_rewrite</c>: replaces what the route's condition matched.</summary>
/// <param name="matchedLength">Characters that the condition's prefix has; null replaces the whole path before the query (exact, regex, template and CONNECT
/// conditions match all of it).</param>
/// <param name="replacement">What comes in its place.</param>
public sealed class PrefixPathRewrite(int? matchedLength, string replacement) : PathRewrite
{
    /// <inheritdoc/>
    public override string Rewrite(string path) =>
        string.Concat(replacement, path.AsSpan(Math.Min(matchedLength ?? int.MaxValue, LengthWithoutQuery(path))));
}
