using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Waypoint.Protos.Declarations;
using Kind = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Waypoint.Protos.Scanning;

/// <summary>What a walk needs to know about a declared field. Built once per field.</summary>
internal sealed class FieldShape
{
    private readonly string? _message;

    private MessageShape? _messageShape;

    public FieldShape(FieldDescriptorProto field)
    {
        Name = field.Name;
        JsonName = field.JsonName;
        Number = field.Number;
        WireType = WireTypeOf(field.Type);
        // Names of types begin with a dot when they are whole, and the compiler writes no others.
        if (field.Type == Kind.Message) _message = field.TypeName[1..];
        IsMap = _message is not null && DeclarationSet.TryFindMessage(_message, out DescriptorProto? entry) && entry.Options is { MapEntry: true };
        IsRepeated = field.Label == FieldDescriptorProto.Types.Label.Repeated && !IsMap;
        // A parser takes both encodings of a repeated number, whatever the file says.
        MayBePacked = IsRepeated && WireType != WireFormat.WireType.LengthDelimited;
        if (field.Type == Kind.Enum)
        {
            EnumName = field.TypeName[1..];
            EnumNumbers = DeclarationSet.EnumNumbers(EnumName).ToFrozenSet();
        }
    }

    public string Name { get; }

    public string JsonName { get; }

    public int Number { get; }

    public bool IsRepeated { get; }

    public bool IsMap { get; }

    public bool MayBePacked { get; }

    public WireFormat.WireType WireType { get; }

    public string EnumName { get; } = "";

    public FrozenSet<int>? EnumNumbers { get; }

    /// <summary>Null for a scalar. Looked up late: types refer to themselves.</summary>
    public MessageShape? Message => _message is null ? null : _messageShape ??= MessageShape.Of(_message);

    private static WireFormat.WireType WireTypeOf(Kind type) => type switch
    {
        Kind.Double or Kind.Fixed64 or Kind.Sfixed64 => WireFormat.WireType.Fixed64,
        Kind.Float or Kind.Fixed32 or Kind.Sfixed32 => WireFormat.WireType.Fixed32,
        Kind.String or Kind.Bytes or Kind.Message => WireFormat.WireType.LengthDelimited,
        Kind.Group => WireFormat.WireType.StartGroup,
        _ => WireFormat.WireType.Varint,
    };
}
