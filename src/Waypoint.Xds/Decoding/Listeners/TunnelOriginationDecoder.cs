using System.Net;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Listeners;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.InternalUpstream.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using UpstreamOptions = Waypoint.Protos.Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>Cluster <c>connect_originate</c>, and the two of nested tunnels, to <see cref="TunnelOriginationConfig"/>.</summary>
internal static class TunnelOriginationDecoder
{
    private const string OptionsKey = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    /// <summary>Decodes the cluster; with problems in the context the result must not be used.</summary>
    public static TunnelOriginationConfig Decode(Cluster message, DecodeContext context)
    {
        var defaults = new TunnelOriginationConfig();
        if (message.Type != Cluster.Types.DiscoveryType.OriginalDst)
            context.RefuseValue("type", message.Type.ToString(), "ORIGINAL_DST");
        if (message.OriginalDstLbConfig?.UseHttpHeader ?? false)
            context.RefuseValue("original_dst_lb_config.use_http_header", "true", "false");
        return Decode(message, message.TransportSocket, defaults, context);
    }

    /// <summary>Decodes <c>inner_connect_originate</c>, whose TLS runs inside another tunnel.</summary>
    public static TunnelOriginationConfig DecodeInner(Cluster message, DecodeContext context)
    {
        var defaults = new TunnelOriginationConfig();
        if (message.Type != Cluster.Types.DiscoveryType.Static)
            context.RefuseValue("type", message.Type.ToString(), "STATIC");
        return context.TryRead(message.TransportSocket?.TypedConfig, "transport_socket.typed_config", out InternalUpstreamTransport? hop)
            ? Decode(message, hop.TransportSocket, defaults, context)
            : defaults;
    }

    private static TunnelOriginationConfig Decode(Cluster message, TransportSocket? socket, TunnelOriginationConfig defaults, DecodeContext context)
    {
        if (message.TransportSocketMatches.Count > 0)
            context.RefuseValue("transport_socket_matches", "set", "absent");

        (HttpProtocolOptions? common, Http2ProtocolOptions? http2) = Http(message, context);
        return new TunnelOriginationConfig
        {
            ConnectTimeout = context.ReadTimeLimit(message.ConnectTimeout, "connect_timeout", defaults.ConnectTimeout),
            IdleTimeout = context.ReadDuration(common?.IdleTimeout, "common_http_protocol_options.idle_timeout", defaults.IdleTimeout),
            HbonePort = (int)context.ReadNumber(
                message.OriginalDstLbConfig?.UpstreamPortOverride, "original_dst_lb_config.upstream_port_override", (uint)defaults.HbonePort, 1, IPEndPoint.MaxPort),
            TrustDomains = Tls(socket, context),
            InitialStreamWindowBytes = http2?.InitialStreamWindowSize,
            InitialConnectionWindowBytes = http2?.InitialConnectionWindowSize,
        };
    }

    private static (HttpProtocolOptions? Common, Http2ProtocolOptions? Http2) Http(Cluster message, DecodeContext context)
    {
        if (!message.TypedExtensionProtocolOptions.TryGetValue(OptionsKey, out Any? any))
            return (message.CommonHttpProtocolOptions, message.Http2ProtocolOptions);
        if (!context.TryRead(any, "typed_extension_protocol_options", out UpstreamOptions? options))
            return default;
        if (options.HttpFilters.Count > 0)
            context.RefuseValue("typed_extension_protocol_options.http_filters", $"'{options.HttpFilters[0].Name}'", "none");
        return (options.CommonHttpProtocolOptions, options.ExplicitHttpConfig?.Http2ProtocolOptions);
    }

    private static IReadOnlyList<string>? Tls(TransportSocket? socket, DecodeContext context)
    {
        using DecodeScope scope = context.Field("transport_socket");
        return context.TryRead(socket?.TypedConfig, "typed_config", out UpstreamTlsContext? tls)
            ? HboneTlsDecoder.TrustDomains(tls.CommonTlsContext, context)
            : [];
    }
}
