using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.Conformance.Tests.Recordings;

/// <summary>Everything that a real istiod sent to one waypoint, update steps included, in order: the files <c>NN-type.binpb</c> of one folder.</summary>
internal sealed class Recording
{
    private const string EnvironmentName = "WAYPOINT_RECORDINGS";

    private Recording(string name, string folder)
    {
        Name = name;
        Folder = folder;
    }

    /// <summary>Path below the data folder, such as <c>47-extensions-envoyfilter/recorded@lua</c>.</summary>
    public string Name { get; }

    private string Folder { get; }

    /// <summary>Every recording there is, sorted by name; empty where the data is absent.</summary>
    public static IReadOnlyList<Recording> FindAll()
    {
        var found = new List<Recording>();
        foreach (string root in Roots().Where(Directory.Exists))
        {
            foreach (string index in Directory.EnumerateFiles(root, "index.json", SearchOption.AllDirectories))
            {
                string folder = Path.GetDirectoryName(index)!;
                if (Path.GetFileName(folder).StartsWith("recorded", StringComparison.Ordinal))
                    found.Add(new Recording(Path.GetRelativePath(root, folder).Replace('\\', '/'), folder));
            }
        }

        return [.. found.OrderBy(r => r.Name, StringComparer.Ordinal)];
    }

    /// <summary>The responses in the order of arrival.</summary>
    public IEnumerable<DeltaDiscoveryResponse> Responses() =>
        Directory.EnumerateFiles(Folder, "*.binpb").Order(StringComparer.Ordinal).Select(file => DeltaDiscoveryResponse.Parser.ParseFrom(File.ReadAllBytes(file)));

    private static string[] Roots()
    {
        if (Environment.GetEnvironmentVariable(EnvironmentName) is { Length: > 0 } set)
            return set.Split([Path.PathSeparator, ','], StringSplitOptions.RemoveEmptyEntries);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Waypoint.sln")))
                return [Path.Combine(folder.FullName, "..", "shared", "istiod"), Path.Combine(folder.FullName, "..", "shared", "suites")];
        }

        return [];
    }
}
