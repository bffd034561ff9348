namespace Waypoint.Model.Matching;

/// <summary>Kinds of a <see cref="MetadataValue"/> (<c>google.protobuf.Value.kind</c>).</summary>
public enum MetadataKind
{
    /// <summary>JSON null.</summary>
    Null,

    /// <summary>A boolean.</summary>
    Bool,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A list.</summary>
    List,

    /// <summary>Names with values.</summary>
    Struct,
}
