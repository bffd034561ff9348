using System.Collections.Frozen;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.FilterChains;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Fault.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.HeaderMutation.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3;
using Waypoint.Xds.Decoding.Authorization;
using Waypoint.Xds.Decoding.Filters;
using CorsPolicy = Waypoint.Protos.Envoy.Extensions.Filters.Http.Cors.V3.CorsPolicy;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>typed_per_filter_config</c>: one line per type. What is not here is refused by name; what has no effect decodes to nothing.</summary>
internal static class RouteFilterConfigDecoder
{
    /// <summary>Decodes the settings for one filter, in field <c>typed_per_filter_config[name]</c>, at which the path stands. Null if they have no effect, or are refused.</summary>
    internal delegate HttpFilterRouteConfig? Decoder(Any config, RouteDecoding decoding);

    private static readonly FrozenDictionary<string, Decoder> ByType = new Dictionary<string, Decoder>(StringComparer.Ordinal)
    {
        [ProtoName.Of<HeaderMutationPerRoute>()] = static (config, decoding) => HeaderMutationDecoder.DecodePerRoute(config, decoding.Context),
        [ProtoName.Of<HTTPFault>()] = static (config, decoding) => FaultDecoder.DecodePerRoute(config, decoding.Context),
        [ProtoName.Of<CorsPolicy>()] = static (config, decoding) => CorsDecoder.DecodePerRoute(config, decoding.Context),
        [ProtoName.Of<PerRouteConfig>()] = static (config, decoding) => JwtAuthnDecoder.DecodePerRoute(config, decoding.Context),
        [ProtoName.Of<ExtAuthzPerRoute>()] = static (config, decoding) => ExtAuthzDecoder.DecodePerRoute(config, decoding.Context),
        [ProtoName.Of<RBACPerRoute>()] = static (config, decoding) => RbacDecoder.DecodePerRoute(config, decoding.Context),

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
                result[name] = above.TryGetValue(name, out var outer) ? decoded.Over(outer) : decoded;
        }

        return result.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static HttpFilterRouteConfig? DecodeOne(Any config, RouteDecoding decoding)
    {
        var context = decoding.Context;
        var isOptional = false;
        if (TypedConfig.NameOf(config) == ProtoName.Of<FilterConfig>())
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
}
