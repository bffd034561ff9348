namespace Waypoint.Protos.Scanning;

/// <summary>What is not understood about a piece of a message.</summary>
public enum UndeclaredKind
{
    /// <summary>A field number that the message does not declare, or one that came with a wire type the declared field cannot have.</summary>
    Field,

    /// <summary>A number that the enum does not declare.</summary>
    EnumValue,

    /// <summary>An Any or TypedStruct whose type is not declared; nothing inside it was looked at.</summary>
    TypeUrl,

    /// <summary>The bytes end too early or are not protobuf; nothing behind that point was looked at.</summary>
    Malformed,

    /// <summary>Nested deeper than <see cref="UndeclaredFieldScanner.MaxDepth"/>; nothing inside was looked at.</summary>
    TooDeep,
}
