using System.Text.Json;
using Waypoint.Hbone.Tests.Testing;

namespace Waypoint.Hbone.Tests.Recordings;

/// <summary>One connection of a real ztunnel, frame by frame.</summary>
internal sealed record Recording(string Name, IReadOnlyList<Recording.Step> Steps)
{
    public static IEnumerable<Recording> Load(string pattern)
    {
        foreach (string path in Directory.GetFiles(TestData.Upstream("ztunnel-wire"), pattern).Order())
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.TryGetProperty("frames", out JsonElement frames) && frames.EnumerateArray().Any(f => f.GetProperty("type").GetString() == "PREFACE"))
                yield return new Recording(Path.GetFileNameWithoutExtension(path), [.. frames.EnumerateArray().Where(f => f.TryGetProperty("hex", out _)).Select(Step.Read)]);
        }
    }

    internal sealed record Step(bool FromZtunnel, string Type, int Stream, bool EndStream, string? Error, byte[] Bytes, (string Name, string Value)[] Headers)
    {
        public byte[] Payload => Bytes[9..];

        public static Step Read(JsonElement frame) => new(
            frame.GetProperty("from").GetString() == "ztunnel",
            frame.GetProperty("type").GetString()!,
            frame.TryGetProperty("stream", out JsonElement stream) ? stream.GetInt32() : 0,
            frame.TryGetProperty("end_stream", out JsonElement end) && end.GetBoolean(),
            frame.TryGetProperty("error", out JsonElement error) ? error.GetString() : null,
            Convert.FromHexString(frame.GetProperty("hex").GetString()!),
            frame.TryGetProperty("headers", out JsonElement headers) ? [.. headers.EnumerateArray().Select(h => (h[0].GetString()!, h[1].GetString()!))] : []);
    }
}
