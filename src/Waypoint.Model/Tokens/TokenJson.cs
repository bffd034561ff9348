using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Waypoint.Model.Matching;

namespace Waypoint.Model.Tokens;

/// <summary>Reads JSON of strangers (token headers and payloads, key sets) into dynamic values: depth is bounded, a name that occurs twice in one object refuses the
/// whole (two readers could see two tokens), and so do numbers that are not finite and texts that are not Unicode.</summary>
internal static class TokenJson
{
    /// <summary>Objects and lists within each other.</summary>
    internal const int MaxDepth = 32;

    /// <summary>Reads one object and nothing after it.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="allowTrailingCommas">As Envoy's parser does; key sets in the wild have them.</param>
    /// <param name="value">The object, a struct.</param>
    internal static bool TryParseObject(ReadOnlySpan<byte> json, bool allowTrailingCommas, [NotNullWhen(true)] out MetadataValue? value)
    {
        value = null;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth, AllowTrailingCommas = allowTrailingCommas });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || Read(ref reader) is not { } read || reader.Read())
                return false;
            value = read;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // The reader's word for text that is not UTF-8 or has half of a surrogate pair.
            return false;
        }
    }

    /// <summary>The value at which the reader stands; null if it is refused.</summary>
    private static MetadataValue? Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader);
            case JsonTokenType.StartArray:
                return ReadArray(ref reader);
            case JsonTokenType.String:
                return MetadataValue.Of(reader.GetString()!);
            case JsonTokenType.Number:
                return reader.TryGetDouble(out var number) && double.IsFinite(number) ? MetadataValue.Of(number) : null;
            case JsonTokenType.True:
                return MetadataValue.True;
            case JsonTokenType.False:
                return MetadataValue.False;
            default:
                return MetadataValue.Null;
        }
    }

    private static MetadataValue? ReadObject(ref Utf8JsonReader reader)
    {
        var fields = new List<KeyValuePair<string, MetadataValue>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            if (!reader.Read() || Read(ref reader) is not { } value)
                return null;
            fields.Add(new(name, value));
        }

        var read = MetadataValue.Of(fields);
        return read.Fields.Count == fields.Count ? read : null;
    }

    private static MetadataValue? ReadArray(ref Utf8JsonReader reader)
    {
        var items = new List<MetadataValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Read(ref reader) is not { } value)
                return null;
            items.Add(value);
        }

        return MetadataValue.Of(items);
    }
}
