using Waypoint.Model.Requests;

namespace Waypoint.Model.Edge;

/// <summary>Decides whether a request is traced, and leaves the decision in its identifier for the proxies behind us.</summary>
public static class TraceDecision
{
    /// <summary>Decides. Without tracing in the configuration nothing is to be decided: do not call it.</summary>
    public static TraceReason Decide<THeaders>(ref THeaders headers, TraceDraws draws)
        where THeaders : struct, IMutableHeaders
    {
        if (!draws.UseRequestId)
            return TraceReason.Sampling;
        var id = headers.Count(HeaderNames.RequestId) > 0 ? headers.Get(HeaderNames.RequestId, 0) : null;
        var before = UuidRequestId.Reason(id);
        if (UuidRequestId.Number(id) is null)
            return before;
        var reason = before;
        if (reason == TraceReason.NotTraceable)
        {
            // A wish comes before the draw: it must stay visible as a wish.
            reason = headers.Count("x-client-trace-id") > 0 && draws.Client ? TraceReason.ClientForced
                : headers.Count(HeaderNames.EnvoyForceTrace) > 0 ? TraceReason.ServiceForced
                : draws.Random ? TraceReason.Sampling
                : TraceReason.NotTraceable;
        }

        if (!draws.Overall)
            reason = TraceReason.NotTraceable;
        if (reason != before)
            headers.Set(HeaderNames.RequestId, UuidRequestId.WithReason(id!, reason));
        return reason;
    }
}
