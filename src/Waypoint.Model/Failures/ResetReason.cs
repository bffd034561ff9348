namespace Waypoint.Model.Failures;

/// <summary>How a stream to an upstream ended before its answer began (Envoy's <c>StreamResetReason</c>).</summary>
public enum ResetReason
{
    /// <summary>The connection failed on our side.</summary>
    LocalConnectionFailure,

    /// <summary>The connection failed on the far side.</summary>
    RemoteConnectionFailure,

    /// <summary>The connection took too long.</summary>
    ConnectionTimeout,

    /// <summary>The connection that stood was closed.</summary>
    ConnectionTermination,

    /// <summary>We reset the stream.</summary>
    LocalReset,

    /// <summary>We reset the stream and say that nothing was processed.</summary>
    LocalRefusedStreamReset,

    /// <summary>A circuit breaker is open.</summary>
    Overflow,

    /// <summary>The upstream reset the stream.</summary>
    RemoteReset,

    /// <summary>The upstream reset the stream and says that nothing was processed.</summary>
    RemoteRefusedStreamReset,

    /// <summary>The upstream reset a CONNECT request.</summary>
    ConnectError,

    /// <summary>The upstream broke its protocol.</summary>
    ProtocolError,

    /// <summary>Too much load.</summary>
    OverloadManager,

    /// <summary>An HTTP/1 upstream ended its side before it had answered.</summary>
    Http1PrematureUpstreamHalfClose,
}
