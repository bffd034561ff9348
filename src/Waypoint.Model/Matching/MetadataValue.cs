using System.Text.Json;

namespace Waypoint.Model.Matching;

/// <summary>A dynamic value as filters leave it for each other (a JWT payload, for one) and as <c>google.protobuf.Value</c> carries it. Immutable.</summary>
public sealed class MetadataValue
{
    private readonly double _number;
    private readonly string? _text;
    private readonly IReadOnlyList<MetadataValue>? _items;

    // Sorted by name: requests make small structs, for which a search costs less than any table would cost to build.
    private readonly KeyValuePair<string, MetadataValue>[]? _fields;

    private MetadataValue(MetadataKind kind, double number = 0, string? text = null, IReadOnlyList<MetadataValue>? items = null,
        KeyValuePair<string, MetadataValue>[]? fields = null)
    {
        Kind = kind;
        _number = number;
        _text = text;
        _items = items;
        _fields = fields;
    }

    /// <summary>JSON null.</summary>
    public static MetadataValue Null { get; } = new(MetadataKind.Null);

    /// <summary>JSON true.</summary>
    public static MetadataValue True { get; } = new(MetadataKind.Bool, number: 1);

    /// <summary>JSON false.</summary>
    public static MetadataValue False { get; } = new(MetadataKind.Bool);

    /// <summary>Which of the accessors below is meaningful.</summary>
    public MetadataKind Kind { get; }

    /// <summary>The boolean; false for other kinds.</summary>
    public bool Bool => Kind == MetadataKind.Bool && _number != 0;

    /// <summary>The number; 0 for other kinds.</summary>
    public double Number => Kind == MetadataKind.Number ? _number : 0;

    /// <summary>The text; empty for other kinds.</summary>
    public string Text => _text ?? "";

    /// <summary>The elements; none for other kinds.</summary>
    public IReadOnlyList<MetadataValue> Items => _items ?? [];

    /// <summary>A number.</summary>
    public static MetadataValue Of(double number) => new(MetadataKind.Number, number);

    /// <summary>Text.</summary>
    public static MetadataValue Of(string text) => new(MetadataKind.Text, text: text);

    /// <summary>A boolean.</summary>
    public static MetadataValue Of(bool value) => value ? True : False;

    /// <summary>A list.</summary>
    public static MetadataValue Of(IReadOnlyList<MetadataValue> items) => new(MetadataKind.List, items: items);

    /// <summary>Names with values; of equal names the last one counts.</summary>
    public static MetadataValue Of(IEnumerable<KeyValuePair<string, MetadataValue>> fields)
    {
        KeyValuePair<string, MetadataValue>[] sorted = [.. fields];
        if (sorted.Length > 1)
            sorted = SortedWithoutRepetition(sorted);
        return new MetadataValue(MetadataKind.Struct, fields: sorted);
    }

    /// <summary>Fields of a struct in the order of their names (as code units); none for other kinds.</summary>
    public IReadOnlyList<KeyValuePair<string, MetadataValue>> Fields => _fields ?? [];

    /// <summary>Field <paramref name="name"/> of a struct; null if absent or of another kind. Does not allocate.</summary>
    public MetadataValue? Field(ReadOnlySpan<char> name)
    {
        var low = 0;
        var high = (_fields?.Length ?? 0) - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = _fields![middle].Key.AsSpan().SequenceCompareTo(name);
            if (order == 0)
                return _fields[middle].Value;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }

    /// <summary>A struct with the fields of this one and those of <paramref name="other"/>, which win. What is no struct counts as one without fields.</summary>
    public MetadataValue With(MetadataValue other) =>
        other.Fields.Count == 0 ? this : Fields.Count == 0 ? other : Of([.. Fields, .. other.Fields]);

    /// <summary>Writes the value as JSON; fields in the order of their names.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case MetadataKind.Bool:
                writer.WriteBooleanValue(Bool);
                break;
            case MetadataKind.Number when double.IsFinite(_number):
                writer.WriteNumberValue(_number);
                break;
            case MetadataKind.Number:
                writer.WriteStringValue(double.IsNaN(_number) ? "NaN" : _number > 0 ? "Infinity" : "-Infinity");
                break;
            case MetadataKind.Text:
                writer.WriteStringValue(Text);
                break;
            case MetadataKind.List:
                writer.WriteStartArray();
                foreach (var item in Items)
                    item.WriteTo(writer);
                writer.WriteEndArray();
                break;
            case MetadataKind.Struct:
                writer.WriteStartObject();
                foreach (var (name, value) in Fields)
                {
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static KeyValuePair<string, MetadataValue>[] SortedWithoutRepetition(KeyValuePair<string, MetadataValue>[] fields)
    {
        // Stable, so that the last of equal names stays last.
        KeyValuePair<string, MetadataValue>[] sorted = [.. fields.OrderBy(static field => field.Key, StringComparer.Ordinal)];
        var kept = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i + 1 == sorted.Length || sorted[i].Key != sorted[i + 1].Key)
                sorted[kept++] = sorted[i];
        }

        return kept == sorted.Length ? sorted : sorted[..kept];
    }
}
