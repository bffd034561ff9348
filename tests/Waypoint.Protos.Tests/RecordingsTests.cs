using System.Text.Json.Nodes;
using Google.Protobuf;
using Waypoint.Protos.Envoy.Service.Discovery.V3;
using Waypoint.Protos.Scanning;

namespace Waypoint.Protos.Tests;

public sealed class RecordingsTests
{
    [Fact]
    public void Scan_EveryRecordedResponse_HoldsNothingUndeclared()
    {
        var ignored = IgnoredContent.Load();
        var missing = new SortedDictionary<string, string>(StringComparer.Ordinal);
        int resources = 0;
        foreach (string file in Recordings.Responses())
        {
            byte[] bytes = File.ReadAllBytes(file);
            var response = DeltaDiscoveryResponse.Parser.ParseFrom(bytes);
            resources += response.Resources.Count;
            Assert.True(ProtoRegistry.TryFind(response.TypeUrl, out _), $"{file}: resource type {response.TypeUrl} is not declared");
            ScanReport report = UndeclaredFieldScanner.Scan(bytes, ProtoName.Of<DeltaDiscoveryResponse>());
            foreach (UndeclaredContent finding in report.Findings)
            {
                if (!ignored.Contains(finding)) missing.TryAdd($"{finding.Kind} {finding.Number} {finding.Detail} in {finding.MessageType}", $"{file}: {finding}");
            }
        }
        Assert.True(missing.Count == 0, "declare them, or list them in ignored-in-recordings.txt:\n" + string.Join('\n', missing.Values));
        Assert.True(resources > 0, "the recordings hold no resource at all");
    }

    /// <summary>The parser's own view, without our walk: a parse that drops unknown fields loses no byte. It does not look into an Any, so each is unpacked.</summary>
    [Fact]
    public void Parse_EveryRecordedResource_KeepsNoUnknownField()
    {
        foreach (string file in Recordings.Responses())
        {
            foreach (Resource resource in DeltaDiscoveryResponse.Parser.ParseFrom(File.ReadAllBytes(file)).Resources)
            {
                MessageParser parser = ProtoRegistry.FindParser(resource.Resource_.TypeUrl)!;
                IMessage all = parser.ParseFrom(resource.Resource_.Value);
                IMessage known = parser.WithDiscardUnknownFields(true).ParseFrom(resource.Resource_.Value);
                Assert.True(all.CalculateSize() == known.CalculateSize(), $"{file}: {resource.Name}");
            }
        }
    }

    /// <summary>
    /// Beside each response lies its JSON, written from the real API's own descriptors: if it reads back as the same message, our
    /// names, numbers and types are the real ones.
    /// </summary>
    [Fact]
    public void Json_BesideEveryRecordedResponse_ReadsAsTheSameMessage()
    {
        var parser = new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(ProtoRegistry.Types));
        int compared = 0;
        foreach (string file in Recordings.Responses())
        {
            string json = Path.ChangeExtension(file, ".json");
            if (!File.Exists(json) || HasAnyWithoutType(file)) continue;
            DeltaDiscoveryResponse fromJson = parser.Parse<DeltaDiscoveryResponse>(File.ReadAllText(json));
            Assert.True(Same(DeltaDiscoveryResponse.Parser.ParseFrom(File.ReadAllBytes(file)), fromJson), file);
            compared++;
        }
        if (compared == 0) Assert.Skip("no recording has its JSON beside it");
    }

    /// <summary>A Wasm plug-in without configuration carries an Any without a type, which has no JSON form.</summary>
    private static bool HasAnyWithoutType(string file) => file.Contains("48-extensions-wasm", StringComparison.Ordinal);

    /// <summary>By content: the bytes in an Any may hold the entries of a map in another order.</summary>
    private static bool Same(DeltaDiscoveryResponse expected, DeltaDiscoveryResponse actual)
    {
        var formatter = new JsonFormatter(new JsonFormatter.Settings(false, ProtoRegistry.Types));
        return JsonNode.DeepEquals(JsonNode.Parse(formatter.Format(expected)), JsonNode.Parse(formatter.Format(actual)));
    }
}
