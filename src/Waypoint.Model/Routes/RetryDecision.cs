using System.Globalization;
using Waypoint.Model.Failures;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>Whether a try may be repeated, and after how long. Pure; counting tries, budgets and the request's body are the caller's.</summary>
public static class RetryDecision
{
    private const string GrpcStatus = "grpc-status";
    private const string RateLimited = "x-envoy-ratelimited";

    private const RetryOn AnyGrpc = RetryOn.GrpcCancelled | RetryOn.GrpcDeadlineExceeded | RetryOn.GrpcInternal | RetryOn.GrpcResourceExhausted | RetryOn.GrpcUnavailable;

    /// <summary>False if <c>retriable_request_headers</c> exclude the request from all retries.</summary>
    public static bool AppliesTo<THeaders>(RetryPolicyConfig policy, in THeaders requestHeaders)
        where THeaders : struct, IHeaderView
    {
        foreach (var matcher in policy.RetriableRequestHeaders)
        {
            if (matcher.Matches(requestHeaders))
                return true;
        }

        return policy.RetriableRequestHeaders.Count == 0;
    }

    /// <summary>True if the policy wants another try. Does not allocate.</summary>
    /// <param name="policy">The route's policy.</param>
    /// <param name="result">How the try ended.</param>
    /// <param name="responseHeaders">Headers of the response (trailers-only for gRPC); without lines if there is none.</param>
    public static bool WantsRetry<THeaders>(RetryPolicyConfig policy, in AttemptResult result, in THeaders responseHeaders)
        where THeaders : struct, IHeaderView =>
        result.Failure == FailureReason.None ? AfterResponse(policy, result.Status, responseHeaders) : AfterFailure(policy.RetryOn, result);

    /// <summary>The wait before retry <paramref name="retry"/> (1 is the first): random between zero and a bound that starts at the base interval and doubles up to the maximum.</summary>
    public static TimeSpan BackOff(RetryPolicyConfig policy, int retry, ulong random)
    {
        var bound = Math.Max(1, policy.BaseInterval.Ticks);
        for (var i = 1; i < retry && bound < policy.MaxInterval.Ticks; i++)
            bound *= 2;
        bound = Math.Min(bound, Math.Max(1, policy.MaxInterval.Ticks));
        return TimeSpan.FromTicks((long)(random % (ulong)bound));
    }

    private static bool AfterResponse<THeaders>(RetryPolicyConfig policy, int status, in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        var on = policy.RetryOn;
        // An upstream Envoy that is out of quota says so; nothing else may repeat such a request.
        if (headers.Count(RateLimited) > 0)
            return on.HasFlag(RetryOn.EnvoyRateLimited);
        if (on.HasFlag(RetryOn.ServerError) && status is >= 500 and < 600)
            return true;
        if (on.HasFlag(RetryOn.GatewayError) && status is (502 or 503 or 504))
            return true;
        if (on.HasFlag(RetryOn.Retriable4xx) && status == 409)
            return true;
        if (on.HasFlag(RetryOn.RetriableStatusCodes) && Contains(policy.RetriableStatusCodes, status))
            return true;
        if (on.HasFlag(RetryOn.RetriableHeaders))
        {
            foreach (var matcher in policy.RetriableHeaders)
            {
                if (matcher.Matches(headers))
                    return true;
            }
        }

        return (on & AnyGrpc) != 0 && headers.Count(GrpcStatus) > 0 && WantsGrpcRetry(on, headers.Get(GrpcStatus, 0));
    }

    private static bool WantsGrpcRetry(RetryOn on, string grpcStatus) =>
        int.TryParse(grpcStatus, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && on.HasFlag(code switch
        {
            1 => RetryOn.GrpcCancelled,
            4 => RetryOn.GrpcDeadlineExceeded,
            8 => RetryOn.GrpcResourceExhausted,
            13 => RetryOn.GrpcInternal,
            14 => RetryOn.GrpcUnavailable,
            _ => (RetryOn)(1 << 30),
        });

    private static bool AfterFailure(RetryOn on, in AttemptResult result)
    {
        switch (result.Failure)
        {
            case FailureReason.ConnectFailure or FailureReason.ConnectTimeout or FailureReason.TunnelRefused:
                return (on & (RetryOn.ConnectFailure | RetryOn.ResetBeforeRequest | RetryOn.Reset | RetryOn.ServerError | RetryOn.GatewayError)) != 0;
            case FailureReason.UpstreamRefusedStream:
                return (on & (RetryOn.RefusedStream | RetryOn.Reset | RetryOn.ServerError | RetryOn.GatewayError)) != 0
                    || !result.RequestStarted && on.HasFlag(RetryOn.ResetBeforeRequest);
            case FailureReason.UpstreamClosed or FailureReason.UpstreamReset or FailureReason.UpstreamProtocolError or FailureReason.PerTryTimeout:
                return (on & (RetryOn.Reset | RetryOn.ServerError | RetryOn.GatewayError)) != 0
                    || !result.RequestStarted && on.HasFlag(RetryOn.ResetBeforeRequest);
            default:
                // Overflow, the route's own timeout, a client that left: another try would do harm or come too late.
                return false;
        }
    }

    private static bool Contains(IReadOnlyList<int> codes, int status)
    {
        for (var i = 0; i < codes.Count; i++)
        {
            if (codes[i] == status)
                return true;
        }

        return false;
    }
}
