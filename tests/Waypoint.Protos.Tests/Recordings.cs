namespace Waypoint.Protos.Tests;

/// <summary>The responses of a real istiod, wherever WAYPOINT_RECORDINGS says they lie (several folders: separated by the path separator or a comma).</summary>
internal static class Recordings
{
    private const string Variable = "WAYPOINT_RECORDINGS";

    /// <summary>Every recorded response; skips the test aloud when there is none.</summary>
    public static IReadOnlyList<string> Responses()
    {
        List<string> files = [.. Roots().Where(Directory.Exists).SelectMany(ResponsesUnder).Order(StringComparer.Ordinal)];
        if (files.Count == 0) Assert.Skip($"no recordings: set {Variable} to folders that contain recorded*/NN-*.binpb (looked in {string.Join(", ", Roots())})");
        return files;
    }

    private static IEnumerable<string> ResponsesUnder(string root) =>
        Directory.EnumerateFiles(root, "*.binpb", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)!).StartsWith("recorded", StringComparison.Ordinal));

    private static string[] Roots()
    {
        string? configured = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(configured)) return configured.Split([Path.PathSeparator, ','], StringSplitOptions.RemoveEmptyEntries);
        string shared = Path.Combine(RepositoryRoot(), "..", "shared");
        return [Path.Combine(shared, "istiod"), Path.Combine(shared, "suites")];
    }

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Waypoint.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no Waypoint.sln above {AppContext.BaseDirectory}");
        }
        return folder;
    }
}
