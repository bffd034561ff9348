using System.Collections.Concurrent;

namespace Waypoint.Proxy.Upstream.Tls;

/// <summary>PEM files that configuration names, read at their first use and again when they have changed. Thread-safe.</summary>
/// <param name="map">Folders that stand for others, by prefix of the path.</param>
/// <param name="time">Clock of the look for changes.</param>
internal sealed class PemFiles(IReadOnlyList<KeyValuePair<string, string>> map, TimeProvider time)
{
    private const long MaxBytes = 4 << 20;

    /// <summary>Between two looks at one file; a mounted secret changes once in hours.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Content> _files = new(StringComparer.Ordinal);

    /// <summary>The text of a file. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> if it never could be read; a file that vanished later keeps its last text.</summary>
    public string Read(string path)
    {
        long now = time.GetTimestamp();
        if (_files.TryGetValue(path, out Content? known) && time.GetElapsedTime(known.CheckedAt, now) < CheckInterval)
        {
            return known.Text;
        }

        try
        {
            var file = new FileInfo(Map(path));
            (DateTime, long) stamp = (file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
            if (known is null || known.Stamp != stamp)
            {
                if (file.Exists && file.Length > MaxBytes)
                {
                    throw new IOException($"{path} has more than {MaxBytes} bytes");
                }

                known = new Content(File.ReadAllText(file.FullName), stamp, now);
            }
            else
            {
                known = known with { CheckedAt = now };
            }
        }
        catch (Exception failure) when (known is not null && failure is IOException or UnauthorizedAccessException)
        {
            known = known! with { CheckedAt = now };
        }

        _files[path] = known;
        return known.Text;
    }

    private string Map(string path)
    {
        foreach (KeyValuePair<string, string> entry in map)
        {
            if (path.StartsWith(entry.Key, StringComparison.Ordinal) && (path.Length == entry.Key.Length || entry.Key.EndsWith('/') || path[entry.Key.Length] == '/'))
            {
                return Path.Join(entry.Value, path.AsSpan(entry.Key.Length));
            }
        }

        return path;
    }

    private sealed record Content(string Text, (DateTime Changed, long Length) Stamp, long CheckedAt);
}
