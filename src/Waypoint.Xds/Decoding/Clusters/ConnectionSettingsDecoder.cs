using System.Net;
using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary>What a cluster says about its connections to <see cref="ConnectionSettings"/>.</summary>
internal static class ConnectionSettingsDecoder
{
    private const uint MinWindowBytes = 65_535;
    private const uint MaxWindowBytes = 16 << 20;

    /// <summary>Decodes what stands outside the HTTP options.</summary>
    public static ConnectionSettings Decode(Cluster message, HttpOptions http, DecodeContext context) => http.Connections with
    {
        KeepAlive = KeepAlive(message.UpstreamConnectionOptions?.TcpKeepalive, context),
        OriginalDestinationPort = (int)context.ReadNumber(
            message.OriginalDstLbConfig?.UpstreamPortOverride, "original_dst_lb_config.upstream_port_override", 0, 0, IPEndPoint.MaxPort),
    };

    /// <summary>Decodes the HTTP options.</summary>
    public static ConnectionSettings Http(HttpProtocolOptions? common, Http2ProtocolOptions? http2, UpstreamHttpProtocolOptions? upstream, DecodeContext context)
    {
        if (common?.MaxStreamDuration is not null)
            context.Ignore("common_http_protocol_options.max_stream_duration", "the route's timeouts limit requests");
        if (upstream is { OverrideAutoSniHeader.Length: > 0 })
            context.RefuseValue("upstream_http_protocol_options.override_auto_sni_header", $"'{upstream.OverrideAutoSniHeader}'", "absent; the authority is the server name");
        if (http2?.InitialConnectionWindowSize is not null)
            context.Ignore("http2_protocol_options.initial_connection_window_size", "the window of a stream limits what is buffered");
        return new ConnectionSettings
        {
            MaxDuration = context.ReadDuration(common?.MaxConnectionDuration, "common_http_protocol_options.max_connection_duration", TimeSpan.Zero),
            MaxConcurrentStreams = http2?.MaxConcurrentStreams is null
                ? null
                : (int)context.ReadNumber(http2.MaxConcurrentStreams, "http2_protocol_options.max_concurrent_streams", 1, 1, int.MaxValue),
            StreamWindowBytes = http2?.InitialStreamWindowSize is { } window ? (int)Math.Clamp(window, MinWindowBytes, MaxWindowBytes) : null,
            PingInterval = DurationDecoder.Decode(http2?.ConnectionKeepalive?.Interval, "http2_protocol_options.connection_keepalive.interval", context),
            PingTimeout = context.ReadDuration(
                http2?.ConnectionKeepalive?.Timeout, "http2_protocol_options.connection_keepalive.timeout", ConnectionSettings.Default.PingTimeout),
            AutoServerName = upstream?.AutoSni ?? false,
            AutoNameValidation = upstream?.AutoSanValidation ?? false,
        };
    }

    private static TcpKeepAlive? KeepAlive(TcpKeepalive? message, DecodeContext context)
    {
        if (message is null)
            return null;
        const string Field = "upstream_connection_options.tcp_keepalive";
        return new TcpKeepAlive(
            Number(message.KeepaliveProbes, Field + ".keepalive_probes", 127, context),
            Number(message.KeepaliveTime, Field + ".keepalive_time", 32_767, context) is { } time ? TimeSpan.FromSeconds(time) : null,
            Number(message.KeepaliveInterval, Field + ".keepalive_interval", 32_767, context) is { } interval ? TimeSpan.FromSeconds(interval) : null);
    }

    // The bounds are Linux's.
    private static int? Number(uint? sent, string field, uint most, DecodeContext context) => sent is null ? null : (int)context.ReadNumber(sent, field, 1, 1, most);
}
