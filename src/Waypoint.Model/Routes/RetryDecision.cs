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

    /// <summary>Switches all retries off when its value is 0 (Envoy's runtime).</summary>
    private const string RuntimeKey = "upstream.use_retry";

    /// <summary>True if the plan wants another try. Does not allocate.</summary>
    /// <param name="plan">The request's plan.</param>
    /// <param name="result">How the try ended.</param>
    /// <param name="responseHeaders">Headers of the response (trailers-only for gRPC); without lines if there is none.</param>
    public static bool WantsRetry<THeaders>(in RetryPlan plan, in AttemptResult result, in THeaders responseHeaders)
        where THeaders : struct, IHeaderView =>
        !result.ResponseForwarded && (result.Failure == FailureReason.None ? AfterResponse(plan, result.Status, responseHeaders) : AfterFailure(plan.RetryOn, result));

    /// <summary>What follows a try.</summary>
    /// <param name="wantsRetry">What <see cref="WantsRetry"/> says.</param>
    /// <param name="retriesLeft">Tries left.</param>
    /// <param name="activeRetries">Retries under way in the cluster, without this one.</param>
    /// <param name="allowedRetries">How many may be (<see cref="Clusters.CircuitBreakerLimits.RetriesAllowed"/>).</param>
    /// <param name="runtime">Runtime overrides; null: none.</param>
    public static RetryVerdict Decide(bool wantsRetry, int retriesLeft, long activeRetries, uint allowedRetries, RuntimeValues? runtime = null)
    {
        if (!wantsRetry)
            return RetryVerdict.NoRetry;
        if (retriesLeft <= 0)
            return RetryVerdict.LimitExceeded;
        if (activeRetries >= allowedRetries)
            return RetryVerdict.Overflow;
        return runtime?.Find(RuntimeKey) == 0 ? RetryVerdict.NoRetry : RetryVerdict.Retry;
    }

    /// <summary>The wait before a retry that no reset header times: random below a bound that starts at the base interval and doubles up to the maximum.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="step">1 for the first such wait of the request.</param>
    /// <param name="random">A number drawn for this wait.</param>
    public static TimeSpan BackOff(RetryPolicyConfig policy, int step, ulong random)
    {
        var max = Math.Max(1, (long)policy.EffectiveMaxInterval.TotalMilliseconds);
        var bound = Math.Max(1, (long)policy.EffectiveBaseInterval.TotalMilliseconds);
        for (var i = 1; i < step && bound < max; i++)
            bound *= 2;
        return TimeSpan.FromMilliseconds((long)(random % (ulong)Math.Min(bound, max)));
    }

    /// <summary>The wait that a response asks for: what its header says and a random half of that on top, so that all clients do not come back at once. Null: <see cref="BackOff"/> counts.</summary>
    public static TimeSpan? ResetBackOff<THeaders>(RetryPolicyConfig policy, in THeaders responseHeaders, DateTimeOffset now, ulong random)
        where THeaders : struct, IHeaderView
    {
        if (ResetInterval(policy, responseHeaders, now) is not { TotalMilliseconds: > 1 } interval)
            return null;
        var milliseconds = (ulong)interval.TotalMilliseconds;
        return TimeSpan.FromMilliseconds((long)(milliseconds + (random % (milliseconds / 2))));
    }

    /// <summary>What the first usable reset header says; null if there is none, or it says nothing that may be followed.</summary>
    public static TimeSpan? ResetInterval<THeaders>(RetryPolicyConfig policy, in THeaders responseHeaders, DateTimeOffset now)
        where THeaders : struct, IHeaderView
    {
        foreach (var header in policy.ResetHeaders)
        {
            if (responseHeaders.Count(header.Name) == 0
                || !long.TryParse(responseHeaders.Get(header.Name, 0).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                continue;
            if (header.IsTimestamp)
                seconds -= now.ToUnixTimeSeconds();
            if (seconds >= 0 && seconds <= policy.ResetMaxInterval.TotalSeconds)
                return TimeSpan.FromSeconds(seconds);
        }

        return null;
    }

    private static bool AfterResponse<THeaders>(in RetryPlan plan, int status, in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        var on = plan.RetryOn;
        // An upstream Envoy that is out of quota says so; nothing else may repeat such a request.
        if (headers.Count(RateLimited) > 0)
            return on.HasFlag(RetryOn.EnvoyRateLimited);
        if (on.HasFlag(RetryOn.ServerError) && status is >= 500 and < 600)
            return true;
        if (on.HasFlag(RetryOn.GatewayError) && status is (502 or 503 or 504))
            return true;
        if (on.HasFlag(RetryOn.Retriable4xx) && status == 409)
            return true;
        if (on.HasFlag(RetryOn.RetriableStatusCodes) && Contains(plan.RetriableStatusCodes, status))
            return true;
        if (on.HasFlag(RetryOn.RetriableHeaders))
        {
            foreach (var matcher in plan.RetriableHeaders)
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
            case FailureReason.UpstreamClosed or FailureReason.UpstreamReset or FailureReason.UpstreamProtocolError or FailureReason.PerTryTimeout
                or FailureReason.PerTryIdleTimeout or FailureReason.LocalReset:
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
