namespace Waypoint.Conformance.Tests;

/// <summary>The cases of <c>skipped.txt</c> with their reasons.</summary>
internal static class SkippedCases
{
    /// <summary>Reason by set and case.</summary>
    internal static IReadOnlyDictionary<(string Set, string Id), string> All { get; } = Read();

    private static Dictionary<(string Set, string Id), string> Read()
    {
        var cases = new Dictionary<(string Set, string Id), string>();
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "skipped.txt")))
        {
            if (line.Length > 0 && line[0] != '#' && line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var set, var id, var reason])
                cases.Add((set, id), reason);
        }

        return cases;
    }
}
