using System.Text.Json;
using Waypoint.Hbone.Hpack;
using Waypoint.Hbone.Tests.Testing;

namespace Waypoint.Hbone.Tests.Hpack;

/// <summary>Header blocks of other encoders: dynamic tables, size changes, Huffman texts.</summary>
public sealed class HpackStoryTests
{
    [Theory]
    [InlineData("go-hpack")]
    [InlineData("haskell-http2-naive")]
    [InlineData("nghttp2")]
    [InlineData("nghttp2-change-table-size")]
    [InlineData("swift-nio-hpack-huffman")]
    public void Decode_StoriesOfAnEncoder_EveryFieldInOrder(string encoder)
    {
        string[] stories = Directory.GetFiles(TestData.Upstream(Path.Combine("hpack-test-case", encoder)), "story_*.json");
        Assert.NotEmpty(stories);
        foreach (string story in stories)
            CheckStory(story);
    }

    private static void CheckStory(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        var decoder = new HpackDecoder(HpackDecoder.DefaultTableSize);
        var headers = new HeaderList(1 << 20);
        foreach (JsonElement step in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            if (step.TryGetProperty("header_table_size", out JsonElement size) && size.ValueKind == JsonValueKind.Number)
                decoder.SetMaxTableSize(size.GetInt32());
            headers.Clear();
            Assert.True(decoder.TryDecode(Convert.FromHexString(step.GetProperty("wire").GetString()!), headers), $"{path}: {step}");
            HeaderField[] expected = [.. step.GetProperty("headers").EnumerateArray().Select(h => h.EnumerateObject().Single()).Select(p => new HeaderField(p.Name, p.Value.GetString()!))];
            Assert.Equal(expected, headers.ToArray());
        }
    }
}
