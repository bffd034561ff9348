using Waypoint.Model.Requests;

namespace Waypoint.Model.Edge;

/// <summary>Reads header lines of one name as the one list that they are.</summary>
internal static class Lines
{
    /// <summary>All lines of <paramref name="name"/> with commas between; empty if there is none.</summary>
    public static string Joined<THeaders>(in THeaders headers, string name)
        where THeaders : struct, IHeaderView
    {
        var count = headers.Count(name);
        if (count <= 1)
            return count == 0 ? "" : headers.Get(name, 0);
        var values = new string[count];
        for (var i = 0; i < count; i++)
            values[i] = headers.Get(name, i);
        return string.Join(',', values);
    }

    /// <summary>Whether the lines of <paramref name="name"/> name <paramref name="token"/>, in any case.</summary>
    public static bool HasToken<THeaders>(in THeaders headers, string name, ReadOnlySpan<char> token)
        where THeaders : struct, IHeaderView
    {
        for (var i = headers.Count(name) - 1; i >= 0; i--)
        {
            ReadOnlySpan<char> line = headers.Get(name, i);
            foreach (var part in line.Split(','))
            {
                if (line[part].Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Adds <paramref name="value"/> to the end of the list.</summary>
    public static void Append<THeaders>(ref THeaders headers, string name, string separator, string value)
        where THeaders : struct, IMutableHeaders
    {
        var before = Joined(headers, name);
        headers.Set(name, before.Length == 0 ? value : string.Concat(before, separator, value));
    }
}
