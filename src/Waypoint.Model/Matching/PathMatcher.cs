namespace Waypoint.Model.Matching;

/// <summary><c>envoy.type.matcher.v3.PathMatcher</c>: a condition on the path before query and fragment. Immutable.</summary>
/// <param name="path"><c>path</c>.</param>
public sealed class PathMatcher(StringMatcher path)
{
    /// <summary>True if <paramref name="pathWithQuery"/> fits. Pure; does not allocate.</summary>
    public bool Matches(ReadOnlySpan<char> pathWithQuery) => path.Matches(WithoutQuery(pathWithQuery));

    /// <summary>The part before <c>?</c> or <c>#</c>.</summary>
    public static ReadOnlySpan<char> WithoutQuery(ReadOnlySpan<char> path)
    {
        var end = path.IndexOfAny('?', '#');
        return end < 0 ? path : path[..end];
    }

    /// <summary>The condition in words, for explanations.</summary>
    public override string ToString() => $"path {path}";
}
