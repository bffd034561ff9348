using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Protos;
using WellKnown = Google.Protobuf.WellKnownTypes;

namespace Waypoint.Conformance.Tests;

/// <summary>Reads configuration as upstream tests write it (YAML loaded without types) with the ordinary JSON parser: texts become the booleans and enum values they
/// stand for, and a single object becomes a list where the field is repeated. What is wrong stays wrong.</summary>
internal static class UpstreamJson
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithTypeRegistry(ProtoRegistry.Types));

    /// <summary>Parses a message; throws <see cref="InvalidProtocolBufferException"/> or <see cref="InvalidJsonException"/> on what is none.</summary>
    internal static T Parse<T>(JsonElement json)
        where T : class, IMessage<T>, new()
    {
        var message = new T();
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            WriteMessage(json, message.Descriptor, writer);
        return (T)Parser.Parse(Encoding.UTF8.GetString(stream.ToArray()), message.Descriptor);
    }

    private static void WriteMessage(JsonElement json, MessageDescriptor type, Utf8JsonWriter writer)
    {
        if (type.FullName == BoolValue.Descriptor.FullName)
        {
            WriteBool(json, writer);
            return;
        }

        if (type.FullName == Duration.Descriptor.FullName && json.ValueKind == JsonValueKind.Object)
        {
            // Tests write its fields, as YAML loaded without types gives them.
            json.RequireOnly("seconds");
            writer.WriteStringValue($"{json.GetProperty("seconds").GetInt64()}s");
            return;
        }

        if (json.ValueKind != JsonValueKind.Object || type.File.Package == "google.protobuf" && type.FullName != Any.Descriptor.FullName)
        {
            json.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        var fields = type;
        if (type.FullName == Any.Descriptor.FullName)
            fields = WriteAnyType(json, writer);
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name == "@type")
                continue;
            writer.WritePropertyName(property.Name);
            if (fields?.Fields.InDeclarationOrder().FirstOrDefault(field => field.Name == property.Name || field.JsonName == property.Name) is { } field)
                WriteField(property.Value, field, writer);
            else
                property.Value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the type of an Any and gives the descriptor of its content, if fields follow. A well-known type without its value gets the default one.</summary>
    private static MessageDescriptor? WriteAnyType(JsonElement json, Utf8JsonWriter writer)
    {
        if (!json.TryGetProperty("@type", out var url))
            return null;
        writer.WriteString("@type", url.GetString());
        if (!ProtoRegistry.TryFind(url.GetString(), out var type))
            return null;
        if (type.File.Package != "google.protobuf")
            return type;
        if (!json.TryGetProperty("value", out _))
        {
            writer.WritePropertyName("value");
            if (type.FullName == WellKnown.Struct.Descriptor.FullName)
                writer.WriteRawValue("{}");
            else
                writer.WriteBooleanValue(false);
        }

        return null;
    }

    private static void WriteField(JsonElement json, FieldDescriptor field, Utf8JsonWriter writer)
    {
        if (field.IsMap && json.ValueKind == JsonValueKind.Object)
        {
            var value = field.MessageType.FindFieldByNumber(2);
            writer.WriteStartObject();
            foreach (var entry in json.EnumerateObject())
            {
                writer.WritePropertyName(entry.Name);
                WriteValue(entry.Value, value, writer);
            }

            writer.WriteEndObject();
        }
        else if (field.IsRepeated && !field.IsMap && json.ValueKind != JsonValueKind.Null)
        {
            writer.WriteStartArray();
            if (json.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in json.EnumerateArray())
                    WriteValue(item, field, writer);
            }
            else
            {
                WriteValue(json, field, writer);
            }

            writer.WriteEndArray();
        }
        else
        {
            WriteValue(json, field, writer);
        }
    }

    private static void WriteValue(JsonElement json, FieldDescriptor field, Utf8JsonWriter writer)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                WriteMessage(json, field.MessageType, writer);
                break;
            case FieldType.Bool:
                WriteBool(json, writer);
                break;
            case FieldType.Enum when json.ValueKind == JsonValueKind.String
                && field.EnumType.Values.FirstOrDefault(value => value.Name.Equals(json.GetString(), StringComparison.OrdinalIgnoreCase)) is { } known:
                writer.WriteStringValue(known.Name);
                break;
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 or FieldType.UInt64 or FieldType.Fixed64 when json.ValueKind == JsonValueKind.Number:
                // The parser reads numbers as doubles, which do not hold 64 bits.
                writer.WriteStringValue(json.GetRawText());
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    private static void WriteBool(JsonElement json, Utf8JsonWriter writer)
    {
        if (json.ValueKind == JsonValueKind.String && bool.TryParse(json.GetString(), out var value))
            writer.WriteBooleanValue(value);
        else
            json.WriteTo(writer);
    }
}
