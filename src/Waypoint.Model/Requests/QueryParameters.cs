using System.Text;

namespace Waypoint.Model.Requests;

/// <summary>The query of a path as names with values, for whoever changes it. Written back, parameters of one name stand together and names in ascending order.
/// Not thread-safe.</summary>
public sealed class QueryParameters
{
    private readonly SortedDictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Every name with its values in order.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> All => _values.Select(static entry => KeyValuePair.Create(entry.Key, (IReadOnlyList<string>)entry.Value));

    /// <summary>Reads the query of <paramref name="path"/>; a path without a question mark has none.</summary>
    /// <param name="path">A path with its query.</param>
    /// <param name="decode">Names and values are percent-decoded.</param>
    public static QueryParameters Parse(string path, bool decode)
    {
        var result = new QueryParameters();
        var start = path.IndexOf('?', StringComparison.Ordinal);
        if (start < 0)
            return result;
        var query = path.AsSpan(start + 1);
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&');
            var part = end < 0 ? query : query[..end];
            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals];
            var value = equals < 0 ? default : part[(equals + 1)..];
            result.Add(decode ? PercentCoding.Decode(name) : name.ToString(), decode ? PercentCoding.Decode(value) : value.ToString());
            query = end < 0 ? default : query[(end + 1)..];
        }

        return result;
    }

    /// <summary>The path without its query.</summary>
    public static string Strip(string path) => path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var start ? path[..start] : path;

    /// <summary>The first value of <paramref name="name"/>; null if there is none.</summary>
    public string? First(string name) => _values.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>Adds a value behind those that exist.</summary>
    public void Add(string name, string value)
    {
        if (_values.TryGetValue(name, out var values))
            values.Add(value);
        else
            _values[name] = [value];
    }

    /// <summary>Replaces all values of <paramref name="name"/> by one.</summary>
    public void Overwrite(string name, string value) => _values[name] = [value];

    /// <summary>Removes all values of <paramref name="name"/>.</summary>
    public void Remove(string name) => _values.Remove(name);

    /// <summary>The path with this query instead of its own.</summary>
    public string ReplaceIn(string path) => Strip(path) + ToQuery();

    /// <summary>The query with its question mark; empty if there are no parameters. Nothing is encoded.</summary>
    public string ToQuery()
    {
        var text = new StringBuilder();
        foreach (var (name, values) in _values)
        {
            foreach (var value in values)
                text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(value);
        }

        return text.ToString();
    }
}
