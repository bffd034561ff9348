using System.Text.Json;
using Waypoint.Model.Matching;

namespace Waypoint.Conformance.Tests;

/// <summary>Reads the parts that cases of several sets share.</summary>
internal static class CaseJson
{
    /// <summary>The property, or null.</summary>
    internal static JsonElement? Find(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The text of the property, or null.</summary>
    internal static string? Text(this JsonElement json, string name) => json.Find(name)?.GetString();

    /// <summary>The number of the property, written as one or as text; or null.</summary>
    internal static ulong? Number(this JsonElement json, string name) => json.Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? ulong.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
        : value.GetUInt64();

    /// <summary>Pairs of name and value, in order.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> HeaderPairs(this JsonElement json) =>
        json.EnumerateArray().Select(static pair => KeyValuePair.Create(pair[0].GetString()!, pair[1].GetString()!));

    /// <summary>A dynamic value.</summary>
    internal static MetadataValue ToMetadata(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => MetadataValue.Of(json.GetString()!),
        JsonValueKind.Number => MetadataValue.Of(json.GetDouble()),
        JsonValueKind.True => MetadataValue.True,
        JsonValueKind.False => MetadataValue.False,
        JsonValueKind.Array => MetadataValue.Of([.. json.EnumerateArray().Select(ToMetadata)]),
        JsonValueKind.Object => MetadataValue.Of(json.EnumerateObject().Select(static field => KeyValuePair.Create(field.Name, field.Value.ToMetadata()))),
        _ => MetadataValue.Null,
    };

    /// <summary>Fails the case if it has a property that the runner would pass over.</summary>
    internal static void RequireOnly(this JsonElement json, params string[] names)
    {
        foreach (var property in json.EnumerateObject())
            Assert.True(names.Contains(property.Name), $"the runner does not know '{property.Name}'");
    }
}
