namespace Waypoint.Hbone.Tests.Testing;

/// <summary>Where shared test data lies.</summary>
internal static class TestData
{
    /// <summary>A folder of recordings of other projects; skips the test when it is not there.</summary>
    public static string Upstream(string folder)
    {
        string path = Path.Combine(Environment.GetEnvironmentVariable("WAYPOINT_UPSTREAM") ?? Path.Combine(Root(), "..", "shared", "upstream"), folder);
        if (!Directory.Exists(path))
            Assert.Skip($"The folder '{path}' does not exist; set WAYPOINT_UPSTREAM to run this test.");
        return path;
    }

    // The compiler's own idea of where a source file lies is no path on this machine in a deterministic build.
    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Waypoint.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? AppContext.BaseDirectory;
    }
}
