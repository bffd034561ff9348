using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Matching;

namespace Waypoint.Proxy.Filters.ExtAuthz;

/// <summary>Dynamic metadata as messages carry them, and back.</summary>
internal static class MetadataMessage
{
    /// <summary>Deeper than any metadata is; a message from outside may nest as deep as its reader allows.</summary>
    private const int MaxDepth = 32;

    /// <summary>The fields of a struct.</summary>
    public static Struct StructOf(MetadataValue value)
    {
        var result = new Struct();
        foreach ((string name, MetadataValue field) in value.Fields)
        {
            result.Fields[name] = ValueOf(field);
        }

        return result;
    }

    /// <summary>A message's fields; what is nested too deep becomes null.</summary>
    public static MetadataValue FromMessage(Struct message) => FromMessage(message, MaxDepth);

    private static Value ValueOf(MetadataValue value) => value.Kind switch
    {
        MetadataKind.Bool => Value.ForBool(value.Bool),
        MetadataKind.Number => Value.ForNumber(value.Number),
        MetadataKind.Text => Value.ForString(value.Text),
        MetadataKind.List => Value.ForList([.. value.Items.Select(ValueOf)]),
        MetadataKind.Struct => Value.ForStruct(StructOf(value)),
        _ => Value.ForNull(),
    };

    private static MetadataValue FromMessage(Struct message, int depth) =>
        MetadataValue.Of(message.Fields.Select(field => KeyValuePair.Create(field.Key, FromMessage(field.Value, depth - 1))));

    private static MetadataValue FromMessage(Value value, int depth) => value.KindCase switch
    {
        _ when depth <= 0 => MetadataValue.Null,
        Value.KindOneofCase.BoolValue => MetadataValue.Of(value.BoolValue),
        Value.KindOneofCase.NumberValue => MetadataValue.Of(value.NumberValue),
        Value.KindOneofCase.StringValue => MetadataValue.Of(value.StringValue),
        Value.KindOneofCase.ListValue => MetadataValue.Of([.. value.ListValue.Values.Select(item => FromMessage(item, depth - 1))]),
        Value.KindOneofCase.StructValue => FromMessage(value.StructValue, depth),
        _ => MetadataValue.Null,
    };
}
