using Waypoint.ControlPlane.Recordings;
using static Waypoint.ControlPlane.Tests.TypeUrls;

namespace Waypoint.ControlPlane.Tests.Recordings;

public class RecordingTests
{
    [Fact]
    public void Load_FirstAnswersStepsAndAskedOnes_ToldApart()
    {
        using var folder = new RecordingFolder();
        var recording = Recording.Load(folder.Request().Response("", Cds, "a").Response("add", Cds, "a", "b").Request("add").Response("add", Eds, "b").Response("drop", Cds, "a").Write());

        Assert.Equal([Cds], recording.First.Select(push => push.Push.TypeUrl));
        Assert.Equal(["add", "drop"], recording.Steps.Select(step => step.Name));
        Assert.Equal([(Cds, false), (Eds, true)], recording.Steps[0].Pushes.Select(push => (push.Push.TypeUrl, push.IsAsked)));
    }

    [Fact]
    public void Load_FolderAboveTheRecording_Found()
    {
        using var folder = new RecordingFolder();
        folder.Response("", Cds, "a").Write();
        var above = Directory.CreateTempSubdirectory("waypoint-scenario-");
        Directory.CreateSymbolicLink(Path.Combine(above.FullName, "recorded"), folder.Path);

        Assert.Single(Recording.Load(above.FullName).First);
        above.Delete(recursive: true);
    }

    [Theory]
    [InlineData(null, "is no recording: it has no index.json")]
    [InlineData("not json", "cannot be read")]
    [InlineData("[{\"bytes\": 3}]", "cannot be read")]
    [InlineData("[{\"file\": \"absent\"}]", "absent.binpb' cannot be read")]
    public void Load_NotARecording_SaysWhichFile(string? index, string expected)
    {
        using var folder = new RecordingFolder();
        if (index is not null)
            File.WriteAllText(Path.Combine(folder.Path, "index.json"), index);

        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Recording.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EveryRecordingOfARealIstiod_ReadAndConsistent()
    {
        var roots = (Environment.GetEnvironmentVariable("WAYPOINT_RECORDINGS") ?? DefaultRoots()).Split([':', ','], StringSplitOptions.RemoveEmptyEntries).Where(Directory.Exists).ToArray();
        if (roots.Length == 0)
            Assert.Skip("no recordings: set WAYPOINT_RECORDINGS to folders that have some");
        var folders = roots.SelectMany(root => Directory.EnumerateFiles(root, "index.json", SearchOption.AllDirectories)).Select(file => Path.GetDirectoryName(file)!).ToList();

        Assert.NotEmpty(folders);
        foreach (var recording in folders.Select(Recording.Load))
        {
            Assert.Contains(recording.First, push => push.Push.TypeUrl == Lds);
            Assert.All(recording.First.Concat(recording.Steps.SelectMany(step => step.Pushes)),
                push => Assert.All(push.Push.Resources, resource => Assert.Equal(push.Push.TypeUrl, resource.Resource_.TypeUrl)));
        }
    }

    private static string DefaultRoots()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Waypoint.sln")))
            folder = folder.Parent;
        var shared = Path.Combine(folder?.Parent?.FullName ?? "/", "shared");
        return $"{Path.Combine(shared, "istiod")}:{Path.Combine(shared, "suites")}";
    }
}
