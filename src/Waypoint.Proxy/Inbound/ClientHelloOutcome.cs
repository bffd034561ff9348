namespace Waypoint.Proxy.Inbound;

/// <summary>What the first bytes of a connection say about its TLS client.</summary>
internal enum ClientHelloOutcome
{
    /// <summary>Too few bytes to tell.</summary>
    NeedsMore,

    /// <summary>They are no TLS hello, or a broken one.</summary>
    NotTls,

    /// <summary>A hello without a server name.</summary>
    NoName,

    /// <summary>A hello with a server name.</summary>
    Found,
}
