using System.Reflection;
using Waypoint.Cli;
using Waypoint.Options;

namespace Waypoint.Tests.Options;

public class OptionsDocumentTests
{
    [Fact]
    public void Page_IsWhatTheCodeSays()
    {
        var page = Path.Combine(Root(), "docs", "options.md");
        var expected = OptionsDocument.Render(WaypointCommandLine.Create());
        if (Environment.GetEnvironmentVariable("WAYPOINT_UPDATE_DOCS") == "1")
            File.WriteAllText(page, expected);

        Assert.True(File.Exists(page) && File.ReadAllText(page) == expected, "docs/options.md is not what the code says; run this test with WAYPOINT_UPDATE_DOCS=1 and commit the page");
    }

    [Fact]
    public void EnvironmentTable_ListsEveryVariableItDeclares()
    {
        var declared = typeof(EnvironmentTable).GetFields(BindingFlags.Static | BindingFlags.Public).Where(f => f.FieldType == typeof(EnvironmentVariable)).Select(f => (EnvironmentVariable)f.GetValue(null)!);

        Assert.Empty(declared.Except(EnvironmentTable.All));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Waypoint.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Waypoint.sln above the test");
        return folder;
    }
}
