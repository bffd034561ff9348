using System.Globalization;
using System.Text;

namespace Waypoint.Agent;

/// <summary>Files of the Kubernetes downward API with labels or annotations: lines of <c>key="value"</c>, the value quoted as Go quotes strings.</summary>
internal static class DownwardFile
{
    /// <summary>The pairs of a file; empty when it does not exist. A line that cannot be read is left out: the kubelet writes these files, nobody edits them.</summary>
    public static SortedDictionary<string, string> Read(string path) => File.Exists(path) ? Parse(File.ReadAllText(path)) : new(StringComparer.Ordinal);

    public static SortedDictionary<string, string> Parse(string text)
    {
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && TryUnquote(line.AsSpan(equals + 1), out var value))
                pairs[line[..equals]] = value;
        }
        return pairs;
    }

    private static bool TryUnquote(ReadOnlySpan<char> quoted, out string value)
    {
        value = "";
        if (quoted.Length < 2 || quoted[0] != '"' || quoted[^1] != '"')
            return false;
        var inside = quoted[1..^1];
        if (!inside.Contains('\\'))
        {
            value = inside.ToString();
            return true;
        }
        // Go's \x and octal escapes are bytes of UTF-8, so the value is collected as bytes.
        var bytes = new List<byte>(inside.Length);
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] != '\\')
            {
                var length = char.IsHighSurrogate(inside[i]) && i + 1 < inside.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(inside.Slice(i, length).ToString()));
                i += length - 1;
                continue;
            }
            if (!TryEscape(inside[(i + 1)..], bytes, out var used))
                return false;
            i += used;
        }
        value = Encoding.UTF8.GetString([.. bytes]);
        return true;
    }

    private static bool TryEscape(ReadOnlySpan<char> rest, List<byte> bytes, out int used)
    {
        used = 1;
        if (rest.IsEmpty)
            return false;
        switch (rest[0])
        {
            case 'a': bytes.Add(7); return true;
            case 'b': bytes.Add(8); return true;
            case 'f': bytes.Add(12); return true;
            case 'n': bytes.Add(10); return true;
            case 'r': bytes.Add(13); return true;
            case 't': bytes.Add(9); return true;
            case 'v': bytes.Add(11); return true;
            case '\\' or '"' or '\'': bytes.Add((byte)rest[0]); return true;
            case 'x' or 'u' or 'U':
                var digits = rest[0] switch { 'x' => 2, 'u' => 4, _ => 8 };
                used = digits + 1;
                if (rest.Length <= digits || !uint.TryParse(rest.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
                    return false;
                if (rest[0] == 'x')
                    bytes.Add((byte)number);
                else if (Rune.IsValid(number))
                    bytes.AddRange(Encoding.UTF8.GetBytes(new Rune(number).ToString()));
                else
                    return false;
                return true;
            default: return false;
        }
    }
}
