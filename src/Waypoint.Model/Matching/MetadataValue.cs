using System.Collections.Frozen;

namespace Waypoint.Model.Matching;

/// <summary>A dynamic value as filters leave it for each other (a JWT payload, for one) and as <c>google.protobuf.Value</c> carries it. Immutable.</summary>
public sealed class MetadataValue
{
    private readonly double _number;
    private readonly string? _text;
    private readonly IReadOnlyList<MetadataValue>? _items;
    private readonly FrozenDictionary<string, MetadataValue>? _fields;

    private MetadataValue(MetadataKind kind, double number = 0, string? text = null, IReadOnlyList<MetadataValue>? items = null,
        FrozenDictionary<string, MetadataValue>? fields = null)
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

    /// <summary>Names with values.</summary>
    public static MetadataValue Of(IEnumerable<KeyValuePair<string, MetadataValue>> fields) =>
        new(MetadataKind.Struct, fields: fields.ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>Field <paramref name="name"/> of a struct; null if absent or of another kind.</summary>
    public MetadataValue? Field(string name) => _fields is not null && _fields.TryGetValue(name, out var value) ? value : null;
}
