using Google.Protobuf;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.ControlPlane.Tests.Recordings;

/// <summary>A recording that a test writes, and removes at its end.</summary>
internal sealed class RecordingFolder : IDisposable
{
    private readonly List<string> _entries = [];

    public RecordingFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"waypoint-recording-{Guid.NewGuid():N}");

    public RecordingFolder Request(string step = "")
    {
        _entries.Add($$"""{"request": "x", "step": "{{step}}", "subscribe": 0}""");
        return this;
    }

    public RecordingFolder Response(string step, string typeUrl, params string[] names)
    {
        var response = new DeltaDiscoveryResponse { TypeUrl = typeUrl, SystemVersionInfo = "then/1", Nonce = "then" };
        foreach (var name in names)
            response.Resources.Add(new Resource { Name = name, Resource_ = new Google.Protobuf.WellKnownTypes.Any { TypeUrl = typeUrl } });
        var file = $"{_entries.Count:00}-x";
        File.WriteAllBytes(System.IO.Path.Combine(Path, file + ".binpb"), response.ToByteArray());
        _entries.Add($$"""{"file": "{{file}}", "step": "{{step}}", "type_url": "{{typeUrl}}"}""");
        return this;
    }

    public string Write()
    {
        File.WriteAllText(System.IO.Path.Combine(Path, "index.json"), $"[{string.Join(',', _entries)}]");
        return Path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
