namespace Waypoint.Conformance.Tests.Recordings;

/// <summary>The list of recordings that are refused, with the feature that every NACK has to name: <c>refused.txt</c>. It shrinks to what stays refused on purpose.</summary>
internal static class RefusedRecordings
{
    /// <summary>Recording name to the texts that NACKs must contain.</summary>
    public static IReadOnlyDictionary<string, string[]> Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Recordings", "refused.txt");
        return File.ReadLines(path)
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToDictionary(parts => parts[0], parts => parts[1..], StringComparer.Ordinal);
    }
}
