using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.Cors;
using Waypoint.Model.Matching;
using Waypoint.Xds.Decoding.Matching;
using Waypoint.Xds.Decoding.Routes;
using CorsPolicy = Waypoint.Protos.Envoy.Extensions.Filters.Http.Cors.V3.CorsPolicy;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads the settings of the cross-origin filter.</summary>
internal static class CorsDecoder
{
    /// <summary>Reads <c>envoy.extensions.filters.http.cors.v3.CorsPolicy</c>, a value of <c>typed_per_filter_config</c>, at which the path stands.</summary>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static CorsRouteConfig? DecodePerRoute(Any config, DecodeContext context)
    {
        if (!context.TryRead(config, "", out CorsPolicy? message))
            return null;
        var origins = new StringMatcher[message.AllowOriginStringMatch.Count];
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
