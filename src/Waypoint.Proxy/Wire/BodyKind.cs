namespace Waypoint.Proxy.Wire;

/// <summary>How the bytes after a head are to be read.</summary>
internal enum BodyKind
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>A known number.</summary>
    Length,

    /// <summary>Chunks.</summary>
    Chunked,

    /// <summary>Whatever comes, until the end: a response without a length, or another protocol.</summary>
    UntilEnd,
}
