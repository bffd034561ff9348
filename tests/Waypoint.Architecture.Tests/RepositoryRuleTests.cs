using System.Text.RegularExpressions;

namespace Waypoint.Architecture.Tests;

/// <summary>What a fresh checkout may contain.</summary>
public partial class RepositoryRuleTests
{
    private static readonly string[] Folders = ["src", "tests", "bench", "deploy", "samples", "docs"];
    private static readonly string[] Files = ["Waypoint.sln", "Dockerfile", "README.md"];
    private static readonly string[] TextEndings = [".cs", ".csproj", ".props", ".targets", ".md", ".json", ".yaml", ".yml", ".txt", ".sh", ".sln", ".proto", ".py", ""];

    [Fact]
    public void TopLevel_HasOnlyTheAgreedEntries()
    {
        var unknown = new DirectoryInfo(RepositoryTree.Root).EnumerateFileSystemInfos()
            .Where(e => !e.Name.StartsWith('.') && e.Name != "artifacts")
            .Where(e => e is DirectoryInfo ? !Folders.Contains(e.Name) : !Files.Contains(e.Name) && !DirectoryProps().IsMatch(e.Name))
            .Select(e => e.Name);
        Assert.True(!unknown.Any(), $"the top level has {string.Join(", ", unknown)}; it belongs into one of {string.Join(", ", Folders)}");
    }

    [Fact]
    public void TextFiles_NameNoPathOfOneMachine()
    {
        foreach (var file in TextFiles())
        {
            var found = MachinePath().Match(RepositoryTree.Text(file));
            Assert.True(!found.Success, $"{file} names {found.Value}, which exists on one machine only");
        }
    }

    [Fact]
    public void TextFiles_EndLinesWithLineFeed()
    {
        foreach (var file in TextFiles().Where(f => !f.EndsWith(".sln", StringComparison.Ordinal)))
            Assert.False(RepositoryTree.Text(file).Contains('\r', StringComparison.Ordinal), $"{file} has carriage returns");
    }

    [Fact]
    public void Solution_NamesEveryProject()
    {
        var solution = RepositoryTree.Text("Waypoint.sln").Replace('\\', '/');
        foreach (var project in new[] { "src", "tests", "bench" }.SelectMany(RepositoryTree.FilesBelow).Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)))
            Assert.True(solution.Contains($"\"{project}\"", StringComparison.Ordinal), $"Waypoint.sln lacks {project}");
    }

    [Fact]
    public void SourceCode_SwallowsNoException()
    {
        foreach (var file in RepositoryTree.FilesBelow("src").Where(f => f.EndsWith(".cs", StringComparison.Ordinal)))
        {
            var text = RepositoryTree.Text(file);
            Assert.False(EmptyCatch().IsMatch(text), $"{file} has a bare catch with nothing in it: say which exception and why it may be dropped");
            Assert.False(AsyncVoid().IsMatch(text), $"{file} has async void: nobody can await or observe it");
        }
    }

    [Fact]
    public void SourceCode_NamesMessagesWithoutTheirDescriptors()
    {
        foreach (var file in RepositoryTree.FilesBelow("src").Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && !f.StartsWith("src/Waypoint.Protos/", StringComparison.Ordinal)))
        {
            var found = DescriptorUse().Match(RepositoryTree.Text(file));
            Assert.True(!found.Success, $"{file} uses {found.Value}, which brings the descriptors of a whole file to life (130 ms at start): use ProtoName.Of instead");
        }
    }

    private static IEnumerable<string> TextFiles() =>
        Folders.SelectMany(RepositoryTree.FilesBelow).Concat(Files.Where(f => File.Exists(Path.Combine(RepositoryTree.Root, f))))
            .Where(f => TextEndings.Contains(Path.GetExtension(f)));

    [GeneratedRegex(@"^Directory\.\w+\.(props|targets)$")]
    private static partial Regex DirectoryProps();

    // A home folder, a scratch folder with a name below it, or a drive: none of them is there after a clone.
    [GeneratedRegex(@"(?<![\w.])/(?:home|root|Users|work)/[\w.-]+|(?<![\w.])/tmp/[\w.-]+/[\w.-]+|\b[A-Z]:\\\\?Users\b")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b\w+\.Descriptor\b")]
    private static partial Regex DescriptorUse();

    [GeneratedRegex(@"catch\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();
}
