namespace Waypoint.Conformance.Tests;

/// <summary>Every case of every table whose set has a runner, as a test of its own.</summary>
public sealed class ConformanceTests
{
    private const string NoFolder = "";

    /// <summary>File name and case identifier.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Cases()
    {
        if (ConformanceFolder.Path is null)
        {
            yield return new TheoryDataRow<string, string>(NoFolder, "") { TestDisplayName = "conformance tables" };
            yield break;
        }

        foreach (var (file, table) in ConformanceFolder.Tables)
        {
            if (ConformanceRunners.Find(table.Set) is null)
                continue;
            foreach (var id in table.Ids)
                yield return new TheoryDataRow<string, string>(file, id) { TestDisplayName = $"{table.Set} {id}" };
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_Run_ExpectationHolds(string file, string id)
    {
        SkipWithoutFolder();
        var table = ConformanceFolder.Tables[file];
        if (SkippedCases.All.TryGetValue((table.Set, id), out string? reason))
            Assert.Skip(reason);
        ConformanceRunners.Find(table.Set)!.Run(table.Case(id), table);
    }

    [Fact]
    public void Sets_AllTables_HaveRunnerOrWaitForOne()
    {
        SkipWithoutFolder();
        var orphans = ConformanceFolder.Tables
            .Where(static entry => ConformanceRunners.Find(entry.Value.Set) is null && !ConformanceRunners.NotYetImplementedSets.Contains(entry.Value.Set))
            .Select(static entry => $"{entry.Key} (set {entry.Value.Set})");
        Assert.Empty(orphans);
    }

    [Fact]
    public void NotYetImplementedSets_WithRunner_None() =>
        Assert.DoesNotContain(ConformanceRunners.NotYetImplementedSets, static set => ConformanceRunners.Find(set) is not null);

    private static void SkipWithoutFolder()
    {
        if (ConformanceFolder.Path is null)
            Assert.Skip($"no conformance tables: set {ConformanceFolder.Variable} to their folder");
    }
}
