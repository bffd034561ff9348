namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>The parts of a path's query between ampersands, as ranges of the path; for <c>foreach</c>.</summary>
internal ref struct QueryParts
{
    private readonly ReadOnlySpan<char> _path;
    private int _next;

    internal QueryParts(ReadOnlySpan<char> path)
    {
        _path = path;
        var start = path.IndexOf('?');
        _next = start < 0 ? path.Length + 1 : start + 1;
        Current = default;
    }

    /// <summary>The part at which the enumeration stands.</summary>
    public Range Current { get; private set; }

    /// <summary>The parts themselves.</summary>
    public readonly QueryParts GetEnumerator() => this;

    /// <summary>Goes on; false at the end.</summary>
    public bool MoveNext()
    {
        if (_next > _path.Length)
            return false;
        var length = _path[_next..].IndexOf('&');
        var end = length < 0 ? _path.Length : _next + length;
        Current = _next..end;
        _next = length < 0 ? _path.Length + 1 : end + 1;
        return true;
    }
}
