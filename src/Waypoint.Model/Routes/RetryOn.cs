namespace Waypoint.Model.Routes;

/// <summary>What <c>RetryPolicy.retry_on</c> names. For a gRPC request the gRPC conditions read <c>grpc-status</c> of the response's headers.</summary>
[Flags]
public enum RetryOn
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>5xx</c>: any 5xx, or no response.</summary>
    ServerError = 1 << 0,

    /// <summary><c>gateway-error</c>: 502, 503, 504, or no response.</summary>
    GatewayError = 1 << 1,

    /// <summary><c>reset</c>: no response.</summary>
    Reset = 1 << 2,

    /// <summary><c>reset-before-request</c>: no response, and the request's headers had not been sent.</summary>
    ResetBeforeRequest = 1 << 3,

    /// <summary><c>connect-failure</c>: no connection to the endpoint.</summary>
    ConnectFailure = 1 << 4,

    /// <summary><c>envoy-ratelimited</c>: the response has <c>x-envoy-ratelimited</c>.</summary>
    EnvoyRateLimited = 1 << 5,

    /// <summary><c>retriable-4xx</c>: 409.</summary>
    Retriable4xx = 1 << 6,

    /// <summary><c>refused-stream</c>: the stream was reset with REFUSED_STREAM.</summary>
    RefusedStream = 1 << 7,

    /// <summary><c>retriable-status-codes</c>: a status of <see cref="RetryPolicyConfig.RetriableStatusCodes"/>.</summary>
    RetriableStatusCodes = 1 << 8,

    /// <summary><c>retriable-headers</c>: a header of <see cref="RetryPolicyConfig.RetriableHeaders"/>.</summary>
    RetriableHeaders = 1 << 9,

    /// <summary><c>cancelled</c>: gRPC status 1.</summary>
    GrpcCancelled = 1 << 10,

    /// <summary><c>deadline-exceeded</c>: gRPC status 4.</summary>
    GrpcDeadlineExceeded = 1 << 11,

    /// <summary><c>resource-exhausted</c>: gRPC status 8.</summary>
    GrpcResourceExhausted = 1 << 12,

    /// <summary><c>internal</c>: gRPC status 13.</summary>
    GrpcInternal = 1 << 13,

    /// <summary><c>unavailable</c>: gRPC status 14.</summary>
    GrpcUnavailable = 1 << 14,
}
