namespace Waypoint.Model.Matching;

/// <summary>The query of a path as Envoy reads it: parts between ampersands, cut at the first equals sign, nothing decoded.</summary>
internal static class QueryString
{
    /// <summary>The first parameter of that name.</summary>
    internal static bool TryGetFirst(ReadOnlySpan<char> path, ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        value = default;
        var start = path.IndexOf('?');
        if (start < 0)
            return false;
        var rest = path[(start + 1)..];
        while (true)
        {
            var end = rest.IndexOf('&');
            var part = end < 0 ? rest : rest[..end];
            var equals = part.IndexOf('=');
            if ((equals < 0 ? part : part[..equals]).SequenceEqual(name))
            {
                value = equals < 0 ? default : part[(equals + 1)..];
                return true;
            }

            if (end < 0)
                return false;
            rest = rest[(end + 1)..];
        }
    }
}
