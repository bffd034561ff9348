using System.Text.RegularExpressions;

namespace Waypoint.Architecture.Tests;

/// <summary>Names say what a thing is in the words of the field; a drawer without a label collects everything.</summary>
public partial class NamingRuleTests
{
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Misc", "Manager", "Managers",
    };

    [Fact]
    public void FilesAndFolders_HaveNoDrawerNames()
    {
        foreach (var file in Everything())
        {
            foreach (var part in file.Split('/'))
                Assert.True(Offending(Path.GetFileNameWithoutExtension(part)) is not { } word, $"{file}: '{Offending(Path.GetFileNameWithoutExtension(part))}' says nothing; name it after what it does");
        }
    }

    [Fact]
    public void Types_HaveNoDrawerNames()
    {
        foreach (var file in RepositoryTree.SourceFiles())
        {
            foreach (Match match in AnyType().Matches(RepositoryTree.Text(file)))
            {
                var name = match.Groups["name"].Value;
                Assert.True(Offending(name) is null, $"{file}: type {name}: '{Offending(name)}' says nothing; name it after what it does");
            }
        }
    }

    [Fact]
    public void SourceFile_HasOneTopLevelTypeNamedLikeTheFile()
    {
        foreach (var file in RepositoryTree.FilesBelow("src").Where(f => f.EndsWith(".cs", StringComparison.Ordinal)))
        {
            var types = TopLevelType().Matches(RepositoryTree.Text(file)).Select(m => m.Groups["name"].Value).Distinct().ToArray();
            if (types.Length == 0)
                continue;
            Assert.True(types.Length == 1, $"{file} declares {string.Join(", ", types)}; one top-level type per file");
            var expected = Path.GetFileName(file).Split('.')[0];
            Assert.True(types[0] == expected, $"{file} declares {types[0]}; the file is named after its type");
        }
    }

    [Fact]
    public void SourceFile_NamespaceFollowsTheFolder()
    {
        foreach (var file in RepositoryTree.FilesBelow("src").Where(f => f.EndsWith(".cs", StringComparison.Ordinal)))
        {
            var match = FileNamespace().Match(RepositoryTree.Text(file));
            if (!match.Success)
                continue;
            var expected = string.Join('.', Path.GetDirectoryName(file)!.Replace('\\', '/').Split('/')[1..]);
            Assert.True(match.Groups["name"].Value == expected, $"{file} has namespace {match.Groups["name"].Value}; its folder says {expected}");
        }
    }

    private static IEnumerable<string> Everything() =>
        new[] { "src", "tests", "bench", "deploy", "samples", "docs" }.SelectMany(RepositoryTree.FilesBelow).Where(f => !f.StartsWith("src/Waypoint.Protos/protos/", StringComparison.Ordinal));

    private static string? Offending(string name) => Words().Matches(name).Select(m => m.Value).FirstOrDefault(Forbidden.Contains);

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"^(?:(?:public|internal|file|abstract|sealed|static|partial|readonly|ref|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>\[\],?. ]+?)\s+(?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file|abstract|sealed|static|partial|readonly|ref|unsafe)\s+)+(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex AnyType();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex FileNamespace();
}
