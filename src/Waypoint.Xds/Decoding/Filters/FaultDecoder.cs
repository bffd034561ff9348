using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.Fault;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Fault.V3;
using Waypoint.Xds.Decoding.Routes;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads <c>envoy.extensions.filters.http.fault.v3.HTTPFault</c>, which is both the filter's configuration and a route's.</summary>
internal static class FaultDecoder
{
    /// <summary>Reads the configuration of filter <paramref name="name"/>; the path stands at the filter.</summary>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static FaultFilterConfig? DecodeHttp(string name, Any config, DecodeContext context)
    {
        if (!context.TryRead(config, "typed_config", out HTTPFault? message))
            return null;
        using DecodeScope scope = context.Field("typed_config");
        return new FaultFilterConfig(name, Decode(message, context));
    }

    /// <summary>Reads a value of <c>typed_per_filter_config</c>, at which the path stands.</summary>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static FaultRouteConfig? DecodePerRoute(Any config, DecodeContext context) =>
        context.TryRead(config, "", out HTTPFault? message) ? new FaultRouteConfig(Decode(message, context)) : null;

    private static FaultInjection Decode(HTTPFault message, DecodeContext context)
    {
        if (message.Delay is null && message.Abort is null && message.ResponseRateLimit is null)
            return FaultInjection.None;
        CheckUnsupported(message, context);
        return new FaultInjection
        {
            Delay = DurationDecoder.Decode(message.Delay?.FixedDelay, "delay.fixed_delay", context) ?? TimeSpan.Zero,
            DelayShare = FractionDecoder.Decode(message.Delay?.Percentage, "delay.percentage", context),
            AbortStatus = AbortStatus(message.Abort, context),
            AbortGrpcStatus = message.Abort?.ErrorTypeCase == FaultAbort.ErrorTypeOneofCase.GrpcStatus ? (int)message.Abort.GrpcStatus : null,
            AbortShare = FractionDecoder.Decode(message.Abort?.Percentage, "abort.percentage", context),
        };
    }

    /// <summary>What narrows the faults down must not be left out: more requests would be hit than were meant.</summary>
    private static void CheckUnsupported(HTTPFault message, DecodeContext context)
    {
        if (message.Headers.Count > 0 || message.UpstreamCluster.Length > 0 || message.DownstreamNodes.Count > 0 || message.ResponseRateLimit is not null)
            context.Refuse("", "has conditions or a rate limit, which are not supported", accepted: "delay and abort with a percentage");
        if (message.MaxActiveFaults is not null)
            context.Refuse("max_active_faults", "is not supported", accepted: "absent");
        if (message.Delay is { HeaderDelay: not null } || message.Abort is { HeaderAbort: not null })
            context.Refuse("", "is controlled by request headers, which is not supported", accepted: "fixed_delay, http_status and grpc_status");
    }

    private static int AbortStatus(FaultAbort? abort, DecodeContext context) =>
        abort?.ErrorTypeCase == FaultAbort.ErrorTypeOneofCase.HttpStatus
            ? (int)context.ReadNumber(abort.HttpStatus, "abort.http_status", absent: 0, min: 200, max: 599)
            : 0;
}
