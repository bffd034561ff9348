namespace Waypoint.Hbone.Originate;

/// <summary>Why no tunnel came about.</summary>
public enum TunnelConnectFailure
{
    /// <summary>TCP: refused, unreachable or reset before TLS was done.</summary>
    Refused,

    /// <summary>No answer in time: TCP, TLS, SETTINGS or the CONNECT.</summary>
    Timeout,

    /// <summary>TLS failed, at the handshake or by a late alert: unknown root, expired, our certificate not accepted, no h2.</summary>
    Tls,

    /// <summary>The peer proved an identity that is not the expected one. Never try this endpoint again for the same request.</summary>
    IdentityMismatch,

    /// <summary>CONNECT was answered with another status than 200; <see cref="TunnelConnectException.Status"/> has it.</summary>
    ConnectRejected,

    /// <summary>The connection was shutting down (GOAWAY) before it answered, and the one retry failed too.</summary>
    GoAway,

    /// <summary>The peer reset the stream before it answered.</summary>
    Reset,

    /// <summary>The connection broke before the CONNECT was answered.</summary>
    ConnectionLost,

    /// <summary>All connections to the peer are full and no more may be opened, or the endpoint is retired.</summary>
    Unavailable,

    /// <summary>There is no certificate yet.</summary>
    NoIdentity,
}
