using System.Text;

namespace Waypoint.Model.Filters.ExtAuthz;

/// <summary>Sets and removes query parameters in a path. Names and values are compared and written as they stand there, not decoded.</summary>
public static class QueryChange
{
    /// <summary>The path with its query changed; what is not named keeps its place.</summary>
    public static string Apply(string path, IReadOnlyList<KeyValuePair<string, string>> set, IReadOnlyList<string> remove)
    {
        int mark = path.IndexOf('?');
        var parts = new List<string>();
        if (mark >= 0 && mark + 1 < path.Length)
            parts.AddRange(path[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries));
        foreach ((string key, string value) in set)
        {
            int at = parts.FindIndex(part => NameOf(part).SequenceEqual(key));
            string text = $"{key}={value}";
            if (at < 0)
            {
                parts.Add(text);
                continue;
            }

            parts[at] = text;
            // One value is set: a second one of that name would be read by somebody else.
            for (int i = parts.Count - 1; i > at; i--)
            {
                if (NameOf(parts[i]).SequenceEqual(key))
                    parts.RemoveAt(i);
            }
        }

        foreach (string key in remove)
            parts.RemoveAll(part => NameOf(part).SequenceEqual(key));
        var changed = new StringBuilder(mark < 0 ? path : path[..mark]);
        for (int i = 0; i < parts.Count; i++)
            changed.Append(i == 0 ? '?' : '&').Append(parts[i]);
        return changed.ToString();
    }

    private static ReadOnlySpan<char> NameOf(string part)
    {
        int equals = part.IndexOf('=');
        return equals < 0 ? part : part.AsSpan(0, equals);
    }
}
