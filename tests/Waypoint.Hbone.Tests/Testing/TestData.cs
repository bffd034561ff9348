using System.Runtime.CompilerServices;

namespace Waypoint.Hbone.Tests.Testing;

/// <summary>Where shared test data lies.</summary>
internal static class TestData
{
    /// <summary>A folder of recordings of other projects; skips the test when it is not there.</summary>
    public static string Upstream(string folder, [CallerFilePath] string here = "")
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
        string path = Path.Combine(Environment.GetEnvironmentVariable("WAYPOINT_UPSTREAM") ?? Path.Combine(root, "..", "shared", "upstream"), folder);
        if (!Directory.Exists(path))
            Assert.Skip($"The folder '{path}' does not exist; set WAYPOINT_UPSTREAM to run this test.");
        return path;
    }
}
