using System.Globalization;
using Waypoint.Model.Grpc;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>How long a request and its tries may take, from the route and from what gRPC clients and trusted peers ask for. Zero: no limit.</summary>
/// <param name="Request">The whole request with its retries, counted from the last byte of the request.</param>
/// <param name="PerTry">One try, up to the headers of its answer.</param>
/// <param name="PerTryIdle">Silence within one try.</param>
/// <param name="CapsGrpc"><c>grpc-timeout</c> is rewritten for the upstream: the route honours it.</param>
public readonly record struct RequestTimeouts(TimeSpan Request, TimeSpan PerTry, TimeSpan PerTryIdle, bool CapsGrpc)
{
    /// <summary>Tells the upstream how long its answer is waited for, in milliseconds.</summary>
    public const string ExpectedHeader = "x-envoy-expected-rq-timeout-ms";

    internal const string PerTryHeader = "x-envoy-upstream-rq-per-try-timeout-ms";

    private const string RequestHeader = "x-envoy-upstream-rq-timeout-ms";

    /// <summary>Decides, and removes the control headers that it followed.</summary>
    /// <param name="action">The route.</param>
    /// <param name="policy">Its retry policy; null: none.</param>
    /// <param name="isGrpc">The request is a gRPC one.</param>
    /// <param name="respectExpected"><c>Router.respect_expected_rq_timeout</c>: <see cref="ExpectedHeader"/> of the request counts as the timeout.</param>
    /// <param name="headers">The request's headers.</param>
    public static RequestTimeouts Take<THeaders>(ForwardAction action, RetryPolicyConfig? policy, bool isGrpc, bool respectExpected, ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        // max_stream_duration takes the place of both timeouts.
        var newForm = action.MaxStreamDuration is not null;
        var capsGrpc = isGrpc && !newForm && action.MaxGrpcTimeout is not null;
        var request = newForm ? TimeSpan.Zero
            : capsGrpc ? GrpcTimeout(action, headers.Count(GrpcDeadline.HeaderName) > 0 ? headers.Get(GrpcDeadline.HeaderName, 0) : null)
            : action.EffectiveTimeout;
        if (respectExpected && headers.Count(ExpectedHeader) > 0)
            request = Milliseconds(headers.Get(ExpectedHeader, 0)) ?? request;
        else if (headers.Count(RequestHeader) > 0)
        {
            request = Milliseconds(headers.Get(RequestHeader, 0)) ?? request;
            headers.Remove(RequestHeader);
        }

        var perTry = policy?.PerTryTimeout ?? TimeSpan.Zero;
        if (headers.Count(PerTryHeader) > 0)
        {
            perTry = Milliseconds(headers.Get(PerTryHeader, 0)) ?? perTry;
            headers.Remove(PerTryHeader);
        }

        // A try that may last as long as the request needs no clock of its own.
        if (request > TimeSpan.Zero && perTry >= request)
            perTry = TimeSpan.Zero;
        return new RequestTimeouts(request, perTry, policy?.PerTryIdleTimeout ?? TimeSpan.Zero, capsGrpc);
    }

    /// <summary>Tells the upstream how long the coming try is waited for: a try's time if that is limited, else the request's, and never more than is left of it.</summary>
    /// <param name="elapsed">Spent of the request's time.</param>
    /// <param name="setsExpected"><see cref="ExpectedHeader"/> is set (not with <c>Router.suppress_envoy_headers</c>).</param>
    /// <param name="hedges">Tries overlap, so each may use the whole time of the request.</param>
    /// <param name="headers">The headers of the try.</param>
    public void Announce<THeaders>(TimeSpan elapsed, bool setsExpected, bool hedges, ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        var expected = hedges || PerTry == TimeSpan.Zero ? Request : PerTry;
        if (expected == TimeSpan.Zero)
            return;
        if (Request > TimeSpan.Zero)
        {
            // Zero would mean no limit; the timers are about to fire anyway.
            var left = elapsed >= Request ? TimeSpan.FromMilliseconds(1) : Request - elapsed;
            if (left < expected)
                expected = left;
        }

        var milliseconds = (ulong)Math.Max(1, (long)expected.TotalMilliseconds);
        if (setsExpected)
            headers.Set(ExpectedHeader, milliseconds.ToString(CultureInfo.InvariantCulture));
        if (CapsGrpc)
            headers.Set(GrpcDeadline.HeaderName, GrpcDeadline.Format(milliseconds));
    }

    private static TimeSpan GrpcTimeout(ForwardAction action, string? header)
    {
        var wanted = GrpcDeadline.TryParse(header, out var milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.Zero;
        // Taken off only if something remains: zero would mean no limit.
        if (action.GrpcTimeoutOffset is { } offset && offset < wanted)
            wanted -= offset;
        var cap = action.MaxGrpcTimeout!.Value;
        return cap > TimeSpan.Zero && (wanted == TimeSpan.Zero || wanted > cap) ? cap : wanted;
    }

    private static TimeSpan? Milliseconds(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= (ulong)TimeSpan.MaxValue.TotalMilliseconds / 2
            ? TimeSpan.FromMilliseconds(value)
            : null;
}
