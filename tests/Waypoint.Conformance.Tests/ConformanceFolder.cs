namespace Waypoint.Conformance.Tests;

/// <summary>Where the case tables are: <c>WAYPOINT_CONFORMANCE</c>, or <c>../shared/conformance</c> beside the repository.</summary>
internal static class ConformanceFolder
{
    internal const string Variable = "WAYPOINT_CONFORMANCE";

    /// <summary>The folder; null if there is none.</summary>
    internal static string? Path { get; } = Find();

    /// <summary>Every table in it, by file name.</summary>
    internal static IReadOnlyDictionary<string, ConformanceTable> Tables { get; } = Load();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(at.FullName, "Waypoint.sln")))
                continue;
            var beside = System.IO.Path.Combine(at.FullName, "..", "shared", "conformance");
            return Directory.Exists(beside) ? beside : null;
        }

        return null;
    }

    private static SortedDictionary<string, ConformanceTable> Load()
    {
        var tables = new SortedDictionary<string, ConformanceTable>(StringComparer.Ordinal);
        if (Path is null)
            return tables;
        foreach (var file in Directory.EnumerateFiles(Path, "*.json"))
            tables.Add(System.IO.Path.GetFileName(file), ConformanceTable.Read(file));
        return tables;
    }
}
