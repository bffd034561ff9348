using System.Collections.Frozen;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Routes;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Fault.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3;
using Waypoint.Xds.Decoding.Authorization;
using Waypoint.Xds.Decoding.Matching;
using CorsPolicy = Waypoint.Protos.Envoy.Extensions.Filters.Http.Cors.V3.CorsPolicy;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>typed_per_filter_config</c>: one line per type. What is not here is refused by name; what has no effect decodes to nothing.</summary>
internal static class RouteFilterConfigDecoder
{
    /// <summary>Decodes the settings for one filter, in field <c>typed_per_filter_config[name]</c>, at which the path stands. Null if they have no effect, or are refused.</summary>
    internal delegate HttpFilterRouteConfig? Decoder(Any config, RouteDecoding decoding);

    private static readonly FrozenDictionary<string, Decoder> ByType = new Dictionary<string, Decoder>(StringComparer.Ordinal)
    {
        [HTTPFault.Descriptor.FullName] = Fault,
        [CorsPolicy.Descriptor.FullName] = Cors,
        [RBACPerRoute.Descriptor.FullName] = static (config, decoding) => RbacDecoder.DecodePerRoute(config, decoding.Context),

        // istiod never sends the filter that would read it.
        ["envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute"] = static (_, _) => null,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The settings of the current message on top of those from above: for each filter the more specific ones.</summary>
    internal static IReadOnlyDictionary<string, HttpFilterRouteConfig> Decode(
        MapField<string, Any> messages, IReadOnlyDictionary<string, HttpFilterRouteConfig> above, RouteDecoding decoding)
    {
        if (messages.Count == 0)
            return above;
        var result = new Dictionary<string, HttpFilterRouteConfig>(above, StringComparer.Ordinal);
        foreach (var (name, config) in messages)
        {
            using var scope = decoding.Context.Field($"typed_per_filter_config['{name}']");
            if (DecodeOne(config, decoding) is { } decoded)
                result[name] = decoded;
        }

        return result.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static HttpFilterRouteConfig? DecodeOne(Any config, RouteDecoding decoding)
    {
        var context = decoding.Context;
        var isOptional = false;
        if (TypedConfig.NameOf(config) == FilterConfig.Descriptor.FullName)
        {
            if (!context.TryRead(config, "", out FilterConfig? wrapper))
                return null;
            if (wrapper.Disabled)
                return new DisabledFilterRouteConfig();
            if (wrapper.Config is null)
                return null;
            isOptional = wrapper.IsOptional;
            config = wrapper.Config;
        }

        var type = TypedConfig.NameOf(config);
        if (ByType.TryGetValue(type, out var decode))
            return decode(config, decoding);
        if (isOptional)
            context.Ignore("", $"'{type}' is not implemented and marked as optional");
        else
            context.Refuse("", $"is of type '{type}', which is not implemented");
        return null;
    }

    private static FaultRouteConfig? Fault(Any config, RouteDecoding decoding)
    {
        var context = decoding.Context;
        if (!context.TryRead(config, "", out HTTPFault? message))
            return null;
        if (message.Delay is null && message.Abort is null)
            return new FaultRouteConfig();
        decoding.Support.Require(RouteFeature.FaultInjection, "", context);
        if (message.Headers.Count > 0 || message.UpstreamCluster.Length > 0 || message.DownstreamNodes.Count > 0 || message.ResponseRateLimit is not null)
            context.Refuse("", "has conditions or a rate limit, which are not supported", accepted: "delay and abort with a percentage");
        if (message.Delay is { HeaderDelay: not null } || message.Abort is { HeaderAbort: not null })
            context.Refuse("", "is controlled by request headers, which is not supported", accepted: "fixed_delay, http_status and grpc_status");
        return new FaultRouteConfig
        {
            Delay = DurationDecoder.Decode(message.Delay?.FixedDelay, "delay.fixed_delay", context) ?? TimeSpan.Zero,
            DelayShare = FractionDecoder.Decode(message.Delay?.Percentage, "delay.percentage", context),
            AbortStatus = AbortStatus(message.Abort, context),
            AbortGrpcStatus = message.Abort?.ErrorTypeCase == FaultAbort.ErrorTypeOneofCase.GrpcStatus ? (int)message.Abort.GrpcStatus : null,
            AbortShare = FractionDecoder.Decode(message.Abort?.Percentage, "abort.percentage", context),
        };
    }

    private static int AbortStatus(FaultAbort? abort, DecodeContext context) =>
        abort?.ErrorTypeCase == FaultAbort.ErrorTypeOneofCase.HttpStatus
            ? (int)context.ReadNumber(abort.HttpStatus, "abort.http_status", absent: 0, min: 200, max: 599)
            : 0;

    private static CorsRouteConfig? Cors(Any config, RouteDecoding decoding)
    {
        var context = decoding.Context;
        if (!context.TryRead(config, "", out CorsPolicy? message))
            return null;
        decoding.Support.Require(RouteFeature.Cors, "", context);
        var origins = new Model.Matching.StringMatcher[message.AllowOriginStringMatch.Count];
        for (var i = 0; i < origins.Length; i++)
            origins[i] = StringMatcherDecoder.Decode(message.AllowOriginStringMatch[i], $"allow_origin_string_match[{i}]", context);
        return new CorsRouteConfig
        {
            AllowedOrigins = origins,
            AllowMethods = message.AllowMethods,
            AllowHeaders = message.AllowHeaders,
            ExposeHeaders = message.ExposeHeaders,
            MaxAge = message.MaxAge,
            AllowCredentials = message.AllowCredentials ?? false,
            AllowPrivateNetwork = message.AllowPrivateNetworkAccess ?? false,
            ForwardNotMatchingPreflights = message.ForwardNotMatchingPreflights ?? true,
            Enabled = FractionDecoder.Decode(message.FilterEnabled, "filter_enabled", context),
            Shadow = FractionDecoder.Decode(message.ShadowEnabled, "shadow_enabled", context),
        };
    }
}
