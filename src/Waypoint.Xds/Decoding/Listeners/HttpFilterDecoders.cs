using System.Collections.Frozen;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Filters.Cors;
using Waypoint.Model.Filters.GrpcWeb;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.ExtAuthz.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Fault.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.GrpcWeb.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.HeaderMutation.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Wasm.V3;
using Waypoint.Protos.Envoy.Extensions.Wasm.V3;
using Waypoint.Xds.Decoding.Authorization;
using Waypoint.Xds.Decoding.Filters;
using FilterStateConfig = Waypoint.Protos.Envoy.Extensions.Filters.Http.SetFilterState.V3.Config;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>HTTP filters by the type of their configuration: one line per type. What is not here is refused by name; what has no effect at run time decodes to nothing.</summary>
internal static class HttpFilterDecoders
{
    /// <summary>Decodes the configuration of one filter.</summary>
    /// <param name="name"><c>HttpFilter.name</c>.</param>
    /// <param name="config">Its <c>typed_config</c>.</param>
    /// <param name="context">Where problems go; its path stands at the filter.</param>
    /// <returns>Null if the filter has no effect, or is refused.</returns>
    internal delegate HttpFilterConfig? Decoder(string name, Any config, DecodeContext context);

    private static readonly FrozenDictionary<string, Decoder> ByType = new Dictionary<string, Decoder>(StringComparer.Ordinal)
    {
        // Telemetry; what it measures is configured elsewhere or not at all.
        ["envoy.extensions.filters.http.grpc_stats.v3.FilterConfig"] = NoEffect,
        ["stats.PluginConfig"] = NoEffect,
        ["io.istio.http.peer_metadata.Config"] = NoEffect,
        ["istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig"] = NoEffect,
        ["envoy.tcp.metadataexchange.config.MetadataExchange"] = NoEffect,

        ["envoy.extensions.filters.http.cors.v3.Cors"] = static (name, _, _) => new CorsFilterConfig(name),
        [ProtoName.Of<HTTPFault>()] = FaultDecoder.DecodeHttp,

        [ProtoName.Of<GrpcWeb>()] = static (name, _, _) => new GrpcWebFilterConfig(name),
        [ProtoName.Of<HeaderMutation>()] = HeaderMutationDecoder.DecodeHttp,

        // Resolves names for a cluster of its own kind, and only for that.
        ["envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig"] = NoEffect,
        [ProtoName.Of<Wasm>()] = Module,

        [ProtoName.Of<FilterStateConfig>()] = FilterState,
        [ProtoName.Of<RBAC>()] = RbacDecoder.DecodeHttp,
        [ProtoName.Of<JwtAuthentication>()] = JwtAuthnDecoder.DecodeHttp,
        [ProtoName.Of<ExtAuthz>()] = ExtAuthzDecoder.DecodeHttp,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Decodes a filter of any type; an unknown or not implemented one refuses the chain.</summary>
    public static HttpFilterConfig? Decode(string name, Any config, DecodeContext context)
    {
        string type = TypedStructs.NameOf(config);
        if (ByType.TryGetValue(type, out Decoder? decode))
            return decode(name, config, context);
        context.Refuse("", $"HTTP filter '{name}' is of type '{type}', which is not implemented");
        return null;
    }

    private static HttpFilterConfig? NoEffect(string name, Any config, DecodeContext context) => null;

    /// <summary>A module whose failure lets requests through may be left out; any other one decides something.</summary>
    private static HttpFilterConfig? Module(string name, Any config, DecodeContext context)
    {
        if (context.TryRead(config, "typed_config", out Wasm? wasm) && IsFailOpen(wasm))
            context.Ignore($"HTTP filter '{name}'", "Wasm modules do not run here, and this one is configured to fail open");
        else
            context.Refuse("", $"HTTP filter '{name}' is of type '{ProtoName.Of<Wasm>()}' and does not fail open, which is not implemented");
        return null;
    }

    private static bool IsFailOpen(Wasm wasm) => wasm.Config is { } config && (config.FailOpen || config.FailurePolicy == FailurePolicy.FailOpen);

    private static HttpFilterConfig? FilterState(string name, Any config, DecodeContext context)
    {
        if (context.TryRead(config, "typed_config", out FilterStateConfig? message))
            FilterStateEntries.Check(message.OnRequestHeaders, "on_request_headers", context);
        return null;
    }
}
