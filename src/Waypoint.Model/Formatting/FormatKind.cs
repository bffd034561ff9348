namespace Waypoint.Model.Formatting;

/// <summary>How the value of an operator is found and written.</summary>
public enum FormatKind
{
    /// <summary>Text as it is.</summary>
    Text,

    /// <summary>Text that depends on a name.</summary>
    Named,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A whole number that is 0 where nothing is known.</summary>
    Count,

    /// <summary>A point in time, written as the argument says.</summary>
    Time,

    /// <summary>A header, or the other one if it is absent.</summary>
    Header,

    /// <summary>The path, in one of its forms.</summary>
    Path,

    /// <summary>A query parameter.</summary>
    QueryParameter,

    /// <summary>A value in metadata, found by filter and keys.</summary>
    Metadata,

    /// <summary>An object of the filter state.</summary>
    FilterState,

    /// <summary>Details without white space, unless the argument allows it.</summary>
    Details,

    /// <summary>Text without white space.</summary>
    Blankless,

    /// <summary>A name that a client chose, made harmless.</summary>
    ServerName,

    /// <summary>The gRPC status by name.</summary>
    GrpcStatus,

    /// <summary>The gRPC status by number.</summary>
    GrpcStatusNumber,

    /// <summary>An address without its port.</summary>
    AddressOnly,

    /// <summary>The port of an address.</summary>
    PortOnly,
}
