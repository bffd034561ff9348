using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>The bytes of a case: text, or parts that are written one after the other.</summary>
internal static partial class WireBytes
{
    internal static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text);

    internal static List<byte[]> PartsOf(JsonElement wire) =>
        wire.ValueKind == JsonValueKind.String ? [Encode(wire.GetString()!)] : [.. wire.EnumerateArray().Select(PartOf)];

    /// <summary>A header value; long ones are described, such as <c>'v', 32768 spaces, 'v'</c>.</summary>
    internal static string Value(string text) =>
        Described().Match(text) is { Success: true } match
            ? match.Groups[1].Value + new string(' ', int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)) + match.Groups[3].Value
            : text;

    private static byte[] PartOf(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.String)
            return Encode(part.GetString()!);
        part.RequireOnly("repeat", "count", "numbered_headers");
        if (part.Number("numbered_headers") is { } lines)
            return Encode(string.Concat(Enumerable.Range(0, (int)lines).Select(static i => $"header{i}: \r\n")));
        return Encode(string.Concat(Enumerable.Repeat(part.Text("repeat")!, (int)part.Number("count")!)));
    }

    [GeneratedRegex("^'(.*)', ([0-9]+) spaces, '(.*)'$")]
    private static partial Regex Described();
}
