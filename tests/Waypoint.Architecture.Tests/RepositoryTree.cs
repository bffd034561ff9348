using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Waypoint.Architecture.Tests;

/// <summary>The checked-out files that the rules look at. Build output and hidden folders are not part of it.</summary>
internal static class RepositoryTree
{
    private static readonly string[] Skipped = ["artifacts", "bin", "obj", "TestResults"];

    /// <summary>The folder with Waypoint.sln.</summary>
    public static string Root { get; } = FindRoot(ThisFile());

    /// <summary>Every file below a folder of the repository, as a path relative to the root with forward slashes.</summary>
    public static IReadOnlyList<string> FilesBelow(string folder)
    {
        var start = Path.Combine(Root, folder);
        if (!Directory.Exists(start))
            return [];
        var found = new List<string>();
        Collect(new DirectoryInfo(start), found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>C# files below src, tests and bench.</summary>
    public static IReadOnlyList<string> SourceFiles() =>
        [.. FilesBelow("src").Concat(FilesBelow("tests")).Concat(FilesBelow("bench")).Where(f => f.EndsWith(".cs", StringComparison.Ordinal))];

    /// <summary>C# files of one project of src.</summary>
    public static IReadOnlyList<string> SourceFilesOf(string project) =>
        [.. FilesBelow("src/" + project).Where(f => f.EndsWith(".cs", StringComparison.Ordinal))];

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static XDocument Project(string file) => XDocument.Load(Path.Combine(Root, file));

    private static void Collect(DirectoryInfo folder, List<string> found)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo child)
            {
                if (!Skipped.Contains(child.Name) && !child.Name.StartsWith('.'))
                    Collect(child, found);
            }
            else
            {
                found.Add(Path.GetRelativePath(Root, entry.FullName).Replace('\\', '/'));
            }
        }
    }

    private static string FindRoot(string from)
    {
        for (var folder = Path.GetDirectoryName(from); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Waypoint.sln")))
                return folder;
        }
        // A deterministic CI build maps source paths away; the test binary still lies below the repository.
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Waypoint.sln")))
                return folder;
        }
        throw new InvalidOperationException($"no Waypoint.sln above {from} or {AppContext.BaseDirectory}");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
