namespace Waypoint.Architecture.Tests;

/// <summary>A file is at most what one head can hold.</summary>
public class SizeRuleTests
{
    private const int MaxLines = 500;

    /// <summary>Files that may be longer, each with its reason.</summary>
    private static readonly Dictionary<string, string> Reasons = [];

    [Fact]
    public void SourceFile_HasAtMostFiveHundredLines()
    {
        foreach (var file in RepositoryTree.SourceFiles().Where(f => !Reasons.ContainsKey(f)))
        {
            var lines = RepositoryTree.Lines(file).Length;
            Assert.True(lines <= MaxLines, $"{file} has {lines} lines; at most {MaxLines}, or an entry with its reason in {nameof(SizeRuleTests)}");
        }
    }

    [Fact]
    public void ListOfLongFiles_NamesOnlyFilesThatAreLong()
    {
        foreach (var file in Reasons.Keys)
            Assert.True(File.Exists(Path.Combine(RepositoryTree.Root, file)) && RepositoryTree.Lines(file).Length > MaxLines, $"{file} needs no exception any more");
    }
}
