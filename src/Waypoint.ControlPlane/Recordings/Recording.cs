using System.Text.Json;
using Waypoint.ControlPlane.Ads;
using Waypoint.Protos.Envoy.Service.Discovery.V3;

namespace Waypoint.ControlPlane.Recordings;

/// <summary>
/// A directory with what an istiod sent to one waypoint: <c>index.json</c> lists requests and responses in order, each response is
/// a serialised <c>DeltaDiscoveryResponse</c> in <c>NN-type.binpb</c>.
/// </summary>
public sealed class Recording
{
    private const string IndexFile = "index.json";

    private Recording(string directory, IReadOnlyList<RecordedPush> first, IReadOnlyList<RecordedStep> steps) =>
        (Directory, First, Steps) = (directory, first, steps);

    /// <summary>Where it was read from.</summary>
    public string Directory { get; }

    /// <summary>Answers to the first requests: the state before any step.</summary>
    public IReadOnlyList<RecordedPush> First { get; }

    /// <summary>Changes in order; a change that caused no response is not known here.</summary>
    public IReadOnlyList<RecordedStep> Steps { get; }

    /// <summary>Reads a recording.</summary>
    /// <param name="directory">The directory with <c>index.json</c>, or one that has it in <c>recorded/</c>.</param>
    /// <exception cref="InvalidDataException">It is none, or a file of it cannot be read; the message names it.</exception>
    public static Recording Load(string directory)
    {
        if (!File.Exists(Path.Combine(directory, IndexFile)) && File.Exists(Path.Combine(directory, "recorded", IndexFile)))
            directory = Path.Combine(directory, "recorded");
        var index = Path.Combine(directory, IndexFile);
        if (!File.Exists(index))
            throw new InvalidDataException($"'{directory}' is no recording: it has no {IndexFile}");
        try
        {
            using var entries = JsonDocument.Parse(File.ReadAllBytes(index));
            return Read(directory, entries.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{index}' cannot be read: {e.Message}", e);
        }
    }

    private static Recording Read(string directory, JsonElement entries)
    {
        List<RecordedPush> first = [];
        List<(string Name, List<RecordedPush> Pushes)> steps = [];
        var isAsked = false;
        foreach (var entry in entries.EnumerateArray())
        {
            var step = entry.TryGetProperty("step", out var named) ? named.GetString() ?? "" : "";
            if (entry.TryGetProperty("request", out _))
            {
                isAsked = step.Length > 0;
                continue;
            }
            var push = new RecordedPush(ReadPush(directory, entry.GetProperty("file").GetString()!), isAsked);
            isAsked = false;
            if (step.Length == 0)
            {
                first.Add(push);
                continue;
            }
            if (steps.Count == 0 || steps[^1].Name != step)
                steps.Add((step, []));
            steps[^1].Pushes.Add(push);
        }
        return new Recording(directory, first, [.. steps.Select(step => new RecordedStep(step.Name, step.Pushes))]);
    }

    private static AdsPush ReadPush(string directory, string name)
    {
        var file = Path.Combine(directory, name + ".binpb");
        try
        {
            var response = DeltaDiscoveryResponse.Parser.ParseFrom(File.ReadAllBytes(file));
            return new AdsPush(response.TypeUrl, [.. response.Resources], [.. response.RemovedResources]);
        }
        catch (Exception e) when (e is IOException or global::Google.Protobuf.InvalidProtocolBufferException)
        {
            throw new InvalidDataException($"'{file}' cannot be read: {e.Message}", e);
        }
    }
}
