namespace Waypoint.Proxy.Wire;

/// <summary>Headers that decide about framing, connection or host.</summary>
internal enum HeaderKind
{
    /// <summary>Any other.</summary>
    Other,

    /// <summary><c>host</c></summary>
    Host,

    /// <summary><c>content-length</c></summary>
    ContentLength,

    /// <summary><c>transfer-encoding</c></summary>
    TransferEncoding,

    /// <summary><c>connection</c></summary>
    Connection,

    /// <summary><c>upgrade</c></summary>
    Upgrade,
}
