using System.Text.RegularExpressions;

namespace Waypoint.Architecture.Tests;

/// <summary>Who may reference whom: the table is the rule, the csproj files are checked against it.</summary>
public partial class ReferenceRuleTests
{
    private sealed record Allowed(string[] Projects, string[] Packages, bool AspNetCore);

    private static readonly Dictionary<string, Allowed> Table = new()
    {
        ["Waypoint.Protos"] = new([], ["Google.Protobuf", "Grpc.Tools"], false),
        ["Waypoint.Grpc"] = new([], ["Google.Protobuf", "Grpc.AspNetCore.Server", "Grpc.Net.Client"], true),
        ["Waypoint.Model"] = new([], [], false),
        ["Waypoint.Xds"] = new(["Waypoint.Model", "Waypoint.Protos", "Waypoint.Grpc"], [], true),
        ["Waypoint.Hbone"] = new(["Waypoint.Model"], [], true),
        ["Waypoint.Proxy"] = new(["Waypoint.Model", "Waypoint.Hbone", "Waypoint.Protos", "Waypoint.Grpc"],
            ["BouncyCastle.Cryptography", "Microsoft.IdentityModel.Tokens", "DnsClient", "Yarp.ReverseProxy"], true),
        ["Waypoint.ControlPlane"] = new(["Waypoint.Protos", "Waypoint.Grpc"], ["YamlDotNet"], true),
        ["Waypoint"] = new(
            ["Waypoint.Protos", "Waypoint.Grpc", "Waypoint.Model", "Waypoint.Xds", "Waypoint.Hbone", "Waypoint.Proxy", "Waypoint.ControlPlane"],
            ["System.CommandLine", "YamlDotNet"], true),
    };

    public static TheoryData<string> Projects()
    {
        var data = new TheoryData<string>();
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(RepositoryTree.Root, "src")).Order(StringComparer.Ordinal))
            data.Add(Path.GetFileName(folder));
        return data;
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_ReferencesAndPackages_AreInTheTable(string project)
    {
        Assert.True(Table.TryGetValue(project, out var allowed), $"src/{project} has no row in the table of {nameof(ReferenceRuleTests)}");
        var xml = RepositoryTree.Project($"src/{project}/{project}.csproj");
        var projects = xml.Descendants("ProjectReference").Select(e => Path.GetFileNameWithoutExtension((string)e.Attribute("Include")!));
        var packages = xml.Descendants("PackageReference").Select(e => (string)e.Attribute("Include")!);
        var frameworks = xml.Descendants("FrameworkReference").Select(e => (string)e.Attribute("Include")!);

        Assert.Empty(projects.Except(allowed.Projects));
        Assert.Empty(packages.Except(allowed.Packages));
        Assert.Empty(frameworks.Except(allowed.AspNetCore ? ["Microsoft.AspNetCore.App"] : []));
    }

    [Fact]
    public void Source_NeverReferencesTestsOrBench()
    {
        foreach (var file in RepositoryTree.FilesBelow("src").Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            var outside = RepositoryTree.Project(file).Descendants("ProjectReference").Select(e => (string)e.Attribute("Include")!)
                .Where(include => include.Contains("tests/", StringComparison.Ordinal) || include.Contains("bench/", StringComparison.Ordinal));
            Assert.True(!outside.Any(), $"{file} references {string.Join(", ", outside)}");
        }
    }

    [Fact]
    public void PackageVersions_StandInOnePlace()
    {
        foreach (var file in RepositoryTree.FilesBelow("src").Concat(RepositoryTree.FilesBelow("tests")).Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)))
            Assert.True(RepositoryTree.Project(file).Descendants("PackageReference").All(e => e.Attribute("Version") is null), $"{file} names a package version; it belongs in Directory.Packages.props");
    }

    [Fact]
    public void Model_UsesOnlyTheBaseLibrary()
    {
        foreach (var file in RepositoryTree.SourceFilesOf("Waypoint.Model"))
        {
            var foreign = Usings(file).Where(u => u.StartsWith("Microsoft.", StringComparison.Ordinal) || u.StartsWith("Google.", StringComparison.Ordinal)
                || u is "System.Threading.Tasks" or "System.IO" or "System.Net.Http"
                || (u.StartsWith("Waypoint.", StringComparison.Ordinal) && !u.StartsWith("Waypoint.Model", StringComparison.Ordinal)));
            Assert.True(!foreign.Any(), $"{file}: the model holds data and pure decisions, but uses {string.Join(", ", foreign)}");
            // Of System.Net.Sockets only the address families are data.
            Assert.False(RepositoryTree.Text(file).Contains("new Socket(", StringComparison.Ordinal), $"{file}: the model does no I/O");
        }
    }

    [Fact]
    public void Hbone_UsesOnlyTheIdentityPartOfTheModel()
    {
        foreach (var file in RepositoryTree.SourceFilesOf("Waypoint.Hbone"))
        {
            var foreign = MentionedNamespaces().Matches(RepositoryTree.Text(file)).Select(m => m.Value)
                .Where(n => n.StartsWith("Waypoint.Model", StringComparison.Ordinal) && n != "Waypoint.Model.Identity" && !n.StartsWith("Waypoint.Model.Identity.", StringComparison.Ordinal));
            Assert.True(!foreign.Any(), $"{file}: the tunnel engine knows identities and nothing else of the model, but names {string.Join(", ", foreign.Distinct())}");
        }
    }

    [Fact]
    public void Proxy_OnlyFiltersTalkProtobuf()
    {
        foreach (var file in RepositoryTree.SourceFilesOf("Waypoint.Proxy").Where(f => !f.StartsWith("src/Waypoint.Proxy/Filters/", StringComparison.Ordinal)))
        {
            var foreign = MentionedNamespaces().Matches(RepositoryTree.Text(file)).Select(m => m.Value)
                .Where(n => n.StartsWith("Waypoint.Protos", StringComparison.Ordinal) || n.StartsWith("Waypoint.Grpc", StringComparison.Ordinal));
            Assert.True(!foreign.Any(), $"{file}: outside Filters the data path sees the model only, but names {string.Join(", ", foreign.Distinct())}");
        }
    }

    [Fact]
    public void Filters_NeverUseOneAnother()
    {
        const string Folder = "src/Waypoint.Proxy/Filters/";
        foreach (var file in RepositoryTree.FilesBelow("src/Waypoint.Proxy/Filters").Where(f => f.EndsWith(".cs", StringComparison.Ordinal)))
        {
            var parts = file[Folder.Length..].Split('/');
            if (parts.Length < 2)
                continue;       // what all filters share (the catalogue)
            var other = FilterNamespaces().Matches(RepositoryTree.Text(file)).Select(m => m.Groups["name"].Value).Where(name => name != parts[0] && Directory.Exists(Path.Combine(RepositoryTree.Root, Folder, name)));
            Assert.True(!other.Any(), $"{file} uses filter {string.Join(", ", other.Distinct())}");
        }
    }

    /// <summary>Every filter is one folder; what stands in place of any filter lies beside the folders.</summary>
    [Fact]
    public void Filters_LiveInOneFolderEach()
    {
        string[] shared = ["src/Waypoint.Proxy/Filters/RefusingFilter.cs"];
        foreach (var file in RepositoryTree.SourceFilesOf("Waypoint.Proxy").Except(shared))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (!name.EndsWith("Filter", StringComparison.Ordinal) || (name.Length > 2 && name[0] == 'I' && char.IsUpper(name[1])))
                continue;
            Assert.True(file.StartsWith("src/Waypoint.Proxy/Filters/", StringComparison.Ordinal) && file.Count(c => c == '/') >= 4, $"{file}: a filter lies in Filters/<Name>/");
        }
    }

    private static IEnumerable<string> Usings(string file) =>
        UsingDirective().Matches(RepositoryTree.Text(file)).Select(m => m.Groups["name"].Value);

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?<name>[A-Z][\w.]*)\s*;", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"\bWaypoint\.(?:Model|Protos|Grpc)(?:\.[A-Z]\w*)*")]
    private static partial Regex MentionedNamespaces();

    [GeneratedRegex(@"\bFilters\.(?<name>[A-Z]\w*)")]
    private static partial Regex FilterNamespaces();
}
