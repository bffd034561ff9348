using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Waypoint.Protos.Scanning;

/// <summary>What a walk needs to know about a declared field. Built once per field.</summary>
internal sealed class FieldShape
{
    private readonly MessageDescriptor? _message;

    private MessageShape? _messageShape;

    public FieldShape(FieldDescriptor field)
    {
        Name = field.Name;
        Number = field.FieldNumber;
        IsRepeated = field.IsRepeated && !field.IsMap;
        IsMap = field.IsMap;
        WireType = WireTypeOf(field.FieldType);
        // A parser takes both encodings of a repeated number, whatever the file says.
        MayBePacked = IsRepeated && WireType != WireFormat.WireType.LengthDelimited;
        if (field.FieldType == FieldType.Message) _message = field.MessageType;
        if (field.FieldType == FieldType.Enum)
        {
            EnumName = field.EnumType.FullName;
            EnumNumbers = field.EnumType.Values.Select(value => value.Number).ToFrozenSet();
        }
    }

    public string Name { get; }

    public int Number { get; }

    public bool IsRepeated { get; }

    public bool IsMap { get; }

    public bool MayBePacked { get; }

    public WireFormat.WireType WireType { get; }

    public string EnumName { get; } = "";

    public FrozenSet<int>? EnumNumbers { get; }

    /// <summary>Null for a scalar. Looked up late: types refer to themselves.</summary>
    public MessageShape? Message => _message is null ? null : _messageShape ??= MessageShape.Of(_message);

    private static WireFormat.WireType WireTypeOf(FieldType type) => type switch
    {
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => WireFormat.WireType.Fixed64,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => WireFormat.WireType.Fixed32,
        FieldType.String or FieldType.Bytes or FieldType.Message => WireFormat.WireType.LengthDelimited,
        FieldType.Group => WireFormat.WireType.StartGroup,
        _ => WireFormat.WireType.Varint,
    };
}
