namespace Waypoint.Model.Failures;

/// <summary>Everything that can go wrong with a request or a tunnel. Closed: each value has one row in <see cref="FailureTable"/>, which alone decides status,
/// response flag, details and body.</summary>
public enum FailureReason
{
    /// <summary>Nothing went wrong.</summary>
    None,

    /// <summary>No filter chain serves the destination.</summary>
    NoFilterChain,

    /// <summary>The chain's newest version cannot be enforced and there is no earlier one.</summary>
    ChainRefused,

    /// <summary>The configuration has not arrived yet.</summary>
    NotConfigured,

    /// <summary>No route fits.</summary>
    NoRoute,

    /// <summary>The route names a cluster that does not exist.</summary>
    ClusterNotFound,

    /// <summary>The cluster is of a kind that this proxy cannot reach.</summary>
    ClusterUnsupported,

    /// <summary>The cluster has no host that may be picked.</summary>
    NoHealthyUpstream,

    /// <summary>The host of the request has no address, or nobody says which.</summary>
    DnsResolutionFailed,

    /// <summary>TCP or TLS to the endpoint failed.</summary>
    ConnectFailure,

    /// <summary>The endpoint did not answer the connect in time.</summary>
    ConnectTimeout,

    /// <summary>The destination's ztunnel answered CONNECT with another status than 200.</summary>
    TunnelRefused,

    /// <summary>The upstream closed the connection before it answered.</summary>
    UpstreamClosed,

    /// <summary>The upstream reset the stream.</summary>
    UpstreamReset,

    /// <summary>The upstream reset the stream with REFUSED_STREAM.</summary>
    UpstreamRefusedStream,

    /// <summary>The upstream's answer violates its protocol.</summary>
    UpstreamProtocolError,

    /// <summary>A circuit breaker is open.</summary>
    Overflow,

    /// <summary>The route's timeout is over.</summary>
    RouteTimeout,

    /// <summary>The last try ran out of its own time.</summary>
    PerTryTimeout,

    /// <summary>Nothing moved in the last try for longer than its idle timeout.</summary>
    PerTryIdleTimeout,

    /// <summary>The stream to the upstream was open for longer than its cluster allows.</summary>
    MaxStreamDuration,

    /// <summary>The cluster is under maintenance.</summary>
    MaintenanceMode,

    /// <summary>The endpoints' control plane asks to drop a share of the requests, and this is one.</summary>
    DropOverload,

    /// <summary>The endpoints' control plane asks to drop all requests.</summary>
    UnconditionalDropOverload,

    /// <summary>We reset the upstream's stream.</summary>
    LocalReset,

    /// <summary>Nothing moved on the stream for as long as it may be idle.</summary>
    StreamIdle,

    /// <summary>The stream has lasted as long as it may.</summary>
    StreamTooLong,

    /// <summary>The client did not send its whole request in time.</summary>
    RequestTooSlow,

    /// <summary>The client did not send the head of its request in time.</summary>
    HeadTooSlow,

    /// <summary>An upgrade that the chain does not allow, or CONNECT inside a chain.</summary>
    UpgradeNotAllowed,

    /// <summary>HTTP/1.0 where it is not enabled.</summary>
    HttpVersionTooLow,

    /// <summary>Neither Host nor :authority.</summary>
    MissingHost,

    /// <summary>The path cannot be normalised or contains refused escapes.</summary>
    BadPath,

    /// <summary>A header name with an underscore where that is refused.</summary>
    UnderscoreHeader,

    /// <summary>More header bytes or lines than allowed.</summary>
    HeadersTooLarge,

    /// <summary>A codec error of the client.</summary>
    BadRequest,

    /// <summary>Authorization policies deny the request.</summary>
    AccessDenied,

    /// <summary>The request's tokens are missing or bad.</summary>
    TokenRefused,

    /// <summary>An authorization service denies the request.</summary>
    AuthorizerDenied,

    /// <summary>An authorization service could not be asked, and its filter fails closed.</summary>
    AuthorizerFailed,

    /// <summary>An authorization service asked for a change that is not possible or not allowed.</summary>
    AuthorizerInvalid,

    /// <summary>The body is larger than a filter may buffer.</summary>
    BodyTooLarge,

    /// <summary>Fault injection aborts the request.</summary>
    FaultInjected,

    /// <summary>The client went away.</summary>
    ClientGone,

    /// <summary>The upstream broke off after its response had begun.</summary>
    ResponseCutShort,

    /// <summary>Our own bug.</summary>
    Internal,
}
