using System.Text.Json;
using Waypoint.Model.Matching;

namespace Waypoint.Offline;

/// <summary>Claims as a user writes them: a JSON object.</summary>
internal static class ClaimsText
{
    /// <summary>Null if the text is no JSON object; <paramref name="problem"/> then says why.</summary>
    public static MetadataValue? Parse(string text, out string problem)
    {
        problem = "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return ValueOf(document.RootElement);
            problem = $"It is a JSON {document.RootElement.ValueKind}.";
        }
        catch (JsonException error)
        {
            problem = error.Message;
        }

        return null;
    }

    private static MetadataValue ValueOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => MetadataValue.Of(element.GetString()!),
        JsonValueKind.Number => MetadataValue.Of(element.GetDouble()),
        JsonValueKind.True => MetadataValue.True,
        JsonValueKind.False => MetadataValue.False,
        JsonValueKind.Array => MetadataValue.Of((IReadOnlyList<MetadataValue>)[.. element.EnumerateArray().Select(ValueOf)]),
        JsonValueKind.Object => MetadataValue.Of(element.EnumerateObject().Select(static field => KeyValuePair.Create(field.Name, ValueOf(field.Value)))),
        _ => MetadataValue.Null,
    };
}
