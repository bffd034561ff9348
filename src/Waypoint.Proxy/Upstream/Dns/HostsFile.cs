using System.Net;

namespace Waypoint.Proxy.Upstream.Dns;

/// <summary>Names that the system's hosts file knows, which go before every name server (a pod's hostAliases). Read again when the file changes. Thread-safe.</summary>
internal sealed class HostsFile(string path)
{
    private sealed record Content(DateTime Stamp, IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> Names);

    private Content _content = new(DateTime.MinValue, new Dictionary<string, IReadOnlyList<IPAddress>>());

    /// <summary>The addresses of a name; null if the file does not have it.</summary>
    public IReadOnlyList<IPAddress>? Find(string name) => Current().GetValueOrDefault(name.TrimEnd('.'));

    /// <summary>Reads the text of a hosts file; lines that are none are passed over.</summary>
    public static Dictionary<string, IReadOnlyList<IPAddress>> Parse(string text)
    {
        var names = new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in text.Split('\n'))
        {
            int comment = line.IndexOf('#', StringComparison.Ordinal);
            string[] words = (comment < 0 ? line : line[..comment]).Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address))
            {
                continue;
            }

            foreach (string name in words.Skip(1))
            {
                names[name] = names.TryGetValue(name, out IReadOnlyList<IPAddress>? known) ? [.. known, address] : [address];
            }
        }

        return names;
    }

    private IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> Current()
    {
        Content content = Volatile.Read(ref _content);
        try
        {
            DateTime stamp = File.GetLastWriteTimeUtc(path);
            if (stamp != content.Stamp)
            {
                content = new Content(stamp, File.Exists(path) ? Parse(File.ReadAllText(path)) : new Dictionary<string, IReadOnlyList<IPAddress>>());
                Volatile.Write(ref _content, content);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Being replaced at this moment; what was read last still holds.
        }

        return content.Names;
    }
}
