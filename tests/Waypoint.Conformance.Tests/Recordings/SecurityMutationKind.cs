namespace Waypoint.Conformance.Tests.Recordings;

/// <summary>Kinds of changes of a security part.</summary>
internal enum SecurityMutationKind
{
    /// <summary>A field that no release of the API has.</summary>
    UnknownField,

    /// <summary>A value that the enumeration does not have.</summary>
    UnknownValue,

    /// <summary>A type that nobody declares.</summary>
    UnknownType,

    /// <summary>A field that was set is not.</summary>
    MissingField,
}
