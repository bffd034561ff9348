namespace Waypoint.Model.Routes;

/// <summary>How the path changes on its way. Immutable and pure.</summary>
public abstract class PathRewrite
{
    /// <summary>The new path with the query of <paramref name="path"/>; <paramref name="path"/> itself if the rewrite does not apply to it.</summary>
    public abstract string Rewrite(string path);

    /// <summary>Length of <paramref name="path"/> without query and fragment.</summary>
    protected static int LengthWithoutQuery(ReadOnlySpan<char> path)
    {
        var end = path.IndexOfAny('?', '#');
        return end < 0 ? path.Length : end;
    }
}
