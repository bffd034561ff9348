using System.Globalization;
using System.Text;

namespace Waypoint.Model.Requests;

/// <summary>Cookies in the lines of <c>cookie</c> and <c>set-cookie</c> (RFC 6265).</summary>
public static class Cookies
{
    /// <summary>The header of a request.</summary>
    public const string RequestHeader = "cookie";

    /// <summary>The header of a response.</summary>
    public const string ResponseHeader = "set-cookie";

    /// <summary>The value of the first cookie of that name, without quotes around it; null if there is none.</summary>
    /// <param name="headers">Where to look.</param>
    /// <param name="header"><see cref="RequestHeader"/> or <see cref="ResponseHeader"/>.</param>
    /// <param name="name">The cookie's name; letter case counts.</param>
    public static string? Find<THeaders>(in THeaders headers, string header, string name)
        where THeaders : struct, IHeaderView
    {
        var count = headers.Count(header);
        for (var i = 0; i < count; i++)
        {
            var line = headers.Get(header, i).AsSpan();
            foreach (var part in line.Split(';'))
            {
                if (TrySplit(line[part], out var found, out var value) && found.SequenceEqual(name))
                    return value.ToString();
            }
        }

        return null;
    }

    /// <summary>A <c>set-cookie</c> line.</summary>
    /// <param name="name">The cookie's name.</param>
    /// <param name="value">Its value, which is put in quotes.</param>
    /// <param name="path"><c>Path</c>; empty: left out.</param>
    /// <param name="maxAge"><c>Max-Age</c> in whole seconds; zero: left out, a session cookie.</param>
    /// <param name="httpOnly"><c>HttpOnly</c>.</param>
    /// <param name="attributes">Further attributes in order; those without a value stand alone.</param>
    public static string Make(string name, string value, string path, TimeSpan maxAge, bool httpOnly, IEnumerable<KeyValuePair<string, string>> attributes)
    {
        var text = new StringBuilder().Append(name).Append("=\"").Append(value).Append('"');
        if (maxAge != TimeSpan.Zero)
            text.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)maxAge.TotalSeconds}");
        if (path.Length > 0)
            text.Append("; Path=").Append(path);
        foreach (var (key, setting) in attributes)
        {
            text.Append("; ").Append(key);
            if (setting.Length > 0)
                text.Append('=').Append(setting);
        }

        return httpOnly ? text.Append("; HttpOnly").ToString() : text.ToString();
    }

    /// <summary>Removes a cookie from a request, whose other cookies then stand in one line.</summary>
    public static void Remove<THeaders>(ref THeaders headers, string name)
        where THeaders : struct, IMutableHeaders
    {
        var kept = new List<string>();
        var count = headers.Count(RequestHeader);
        for (var i = 0; i < count; i++)
        {
            foreach (var part in headers.Get(RequestHeader, i).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                if ((equals < 0 ? part : part[..equals]) != name)
                    kept.Add(part);
            }
        }

        if (kept.Count > 0)
            headers.Set(RequestHeader, string.Join("; ", kept));
        else
            headers.Remove(RequestHeader);
    }

    private static bool TrySplit(ReadOnlySpan<char> part, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        name = value = default;
        var equals = part.IndexOf('=');
        if (equals < 0)
            return false;
        name = part[..equals].TrimStart(' ');
        value = part[(equals + 1)..];
        if (value is ['"', _, ..] && value[^1] == '"')
            value = value[1..^1];
        return true;
    }
}
