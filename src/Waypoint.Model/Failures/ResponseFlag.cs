namespace Waypoint.Model.Failures;

/// <summary>Envoy's response flags, in the order in which several are written.</summary>
public enum ResponseFlag
{
    /// <summary><c>LH</c>: a health check of our own failed.</summary>
    FailedLocalHealthCheck,

    /// <summary><c>UH</c>: no host that may be picked.</summary>
    NoHealthyUpstream,

    /// <summary><c>UT</c>: the upstream did not answer in time.</summary>
    UpstreamRequestTimeout,

    /// <summary><c>LR</c>: we reset the upstream's stream.</summary>
    LocalReset,

    /// <summary><c>UR</c>: the upstream reset the stream.</summary>
    UpstreamRemoteReset,

    /// <summary><c>UF</c>: no connection to the upstream.</summary>
    UpstreamConnectionFailure,

    /// <summary><c>UC</c>: the upstream closed the connection.</summary>
    UpstreamConnectionTermination,

    /// <summary><c>UO</c>: a circuit breaker is open.</summary>
    UpstreamOverflow,

    /// <summary><c>NR</c>: no route or no filter chain.</summary>
    NoRouteFound,

    /// <summary><c>DI</c>: fault injection delayed.</summary>
    DelayInjected,

    /// <summary><c>FI</c>: fault injection aborted.</summary>
    FaultInjected,

    /// <summary><c>RL</c>: a rate limit is used up.</summary>
    RateLimited,

    /// <summary><c>UAEX</c>: an authorization service said no.</summary>
    UnauthorizedExternalService,

    /// <summary><c>RLSE</c>: the rate limit service failed.</summary>
    RateLimitServiceError,

    /// <summary><c>DC</c>: the client went away.</summary>
    DownstreamConnectionTermination,

    /// <summary><c>URX</c>: the last try allowed failed too.</summary>
    UpstreamRetryLimitExceeded,

    /// <summary><c>SI</c>: nothing moved for too long.</summary>
    StreamIdleTimeout,

    /// <summary><c>IH</c>: a control header is malformed.</summary>
    InvalidEnvoyRequestHeaders,

    /// <summary><c>DPE</c>: the client broke its protocol.</summary>
    DownstreamProtocolError,

    /// <summary><c>UMSDR</c>: the stream was open too long.</summary>
    UpstreamMaxStreamDurationReached,

    /// <summary><c>RFCF</c>: a cache answered.</summary>
    ResponseFromCacheFilter,

    /// <summary><c>NFCF</c>: a filter's configuration did not arrive in time.</summary>
    NoFilterConfigFound,

    /// <summary><c>DT</c>: the request or connection lasted too long.</summary>
    DurationTimeout,

    /// <summary><c>UPE</c>: the upstream broke its protocol.</summary>
    UpstreamProtocolError,

    /// <summary><c>NC</c>: the cluster does not exist.</summary>
    NoClusterFound,

    /// <summary><c>OM</c>: too much load.</summary>
    OverloadManager,

    /// <summary><c>DF</c>: a name could not be resolved.</summary>
    DnsResolutionFailed,

    /// <summary><c>DO</c>: the endpoints' control plane asks to drop a share.</summary>
    DropOverload,

    /// <summary><c>DR</c>: the client reset the stream.</summary>
    DownstreamRemoteReset,

    /// <summary><c>UDO</c>: the endpoints' control plane asks to drop everything.</summary>
    UnconditionalDropOverload,
}
