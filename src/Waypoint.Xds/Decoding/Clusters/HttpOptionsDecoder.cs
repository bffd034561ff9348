using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Clusters;
using Waypoint.Model.FilterChains;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Protos.Envoy.Config.Core.V3;
using UpstreamOptions = Waypoint.Protos.Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;

namespace Waypoint.Xds.Decoding.Clusters;

/// <summary><c>envoy.extensions.upstreams.http.v3.HttpProtocolOptions</c> of a cluster, or the older fields of the cluster itself.</summary>
internal static class HttpOptionsDecoder
{
    private const string Key = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    private const uint MaxHeadersKilobytes = 8192;
    private static readonly SharedParts<Any, HttpOptions> Shared = new();
    private static readonly TimeSpan EnvoyIdleTimeout = TimeSpan.FromHours(1);
    private static readonly HttpOptions Nothing = new(UpstreamHttpVersion.Http11, EnvoyIdleTimeout, 0, false, Http1Config.UpstreamDefault, ConnectionSettings.Default);

    public static HttpOptions Decode(Cluster message, DecodeContext context)
    {
        foreach (string key in message.TypedExtensionProtocolOptions.Keys)
        {
            if (key != Key)
                context.Ignore($"typed_extension_protocol_options '{key}'", "only HTTP options are read");
        }

        if (!message.TypedExtensionProtocolOptions.TryGetValue(Key, out Any? any))
        {
            UpstreamHttpVersion version = message.Http2ProtocolOptions is null ? UpstreamHttpVersion.Http11 : UpstreamHttpVersion.Http2;
            if (message.ProtocolSelection == Cluster.Types.ClusterProtocolSelection.UseDownstreamProtocol)
                version = UpstreamHttpVersion.SameAsDownstream;
            return Make(
                version, message.CommonHttpProtocolOptions, message.MaxRequestsPerConnection, message.HttpProtocolOptions, message.Http2ProtocolOptions,
                message.UpstreamHttpProtocolOptions, context);
        }

        return Shared.Get(any, context, Decode);
    }

    private static HttpOptions Decode(Any any, DecodeContext context)
    {
        const string Field = "typed_extension_protocol_options";
        if (!context.TryRead(any, Field, out UpstreamOptions? options))
            return Nothing;
        if (options.HttpFilters is [{ } filter, ..] && !filter.Name.StartsWith("envoy.filters.http.upstream_codec", StringComparison.Ordinal))
            context.RefuseValue(Field + ".http_filters", $"'{filter.Name}'", "none");
        return options.UpstreamProtocolOptionsCase switch
        {
            UpstreamOptions.UpstreamProtocolOptionsOneofCase.ExplicitHttpConfig => Explicit(options, Field, context),
            UpstreamOptions.UpstreamProtocolOptionsOneofCase.UseDownstreamProtocolConfig => Make(
                UpstreamHttpVersion.SameAsDownstream, options.CommonHttpProtocolOptions, null, options.UseDownstreamProtocolConfig.HttpProtocolOptions,
                options.UseDownstreamProtocolConfig.Http2ProtocolOptions, options.UpstreamHttpProtocolOptions, context),
            _ => Refuse(Field, options.UpstreamProtocolOptionsCase.ToString(), context),
        };
    }

    private static HttpOptions Explicit(UpstreamOptions options, string field, DecodeContext context)
    {
        UpstreamOptions.Types.ExplicitHttpConfig config = options.ExplicitHttpConfig;
        return config.ProtocolConfigCase switch
        {
            UpstreamOptions.Types.ExplicitHttpConfig.ProtocolConfigOneofCase.HttpProtocolOptions =>
                Make(
                    UpstreamHttpVersion.Http11, options.CommonHttpProtocolOptions, null, config.HttpProtocolOptions, null, options.UpstreamHttpProtocolOptions, context),
            UpstreamOptions.Types.ExplicitHttpConfig.ProtocolConfigOneofCase.Http2ProtocolOptions =>
                Make(
                    UpstreamHttpVersion.Http2, options.CommonHttpProtocolOptions, null, null, config.Http2ProtocolOptions, options.UpstreamHttpProtocolOptions, context),
            _ => Refuse(field + ".explicit_http_config", config.ProtocolConfigCase.ToString(), context),
        };
    }

    private static HttpOptions Make(
        UpstreamHttpVersion version, HttpProtocolOptions? common, uint? maxRequests, Http1ProtocolOptions? http1, Http2ProtocolOptions? http2,
        UpstreamHttpProtocolOptions? upstream, DecodeContext context)
    {
        TimeSpan idle = context.ReadDuration(common?.IdleTimeout, "common_http_protocol_options.idle_timeout", EnvoyIdleTimeout);
        return new HttpOptions(
            version, idle, common?.MaxRequestsPerConnection ?? maxRequests ?? 0, HeaderCase.IsPreserved(http1, context), Http1(common, http1, context),
            ConnectionSettingsDecoder.Http(common, http2, upstream, context));
    }

    private static Http1Config Http1(HttpProtocolOptions? common, Http1ProtocolOptions? options, DecodeContext context) => Http1Config.UpstreamDefault with
    {
        MaxHeadBytes = (int)context.ReadNumber(common?.MaxResponseHeadersKb, "common_http_protocol_options.max_response_headers_kb", 80, 1, MaxHeadersKilobytes) * 1024,
        MaxHeaderCount = (int)context.ReadNumber(common?.MaxHeadersCount, "common_http_protocol_options.max_headers_count", 100, 1, int.MaxValue),
        AllowChunkedLength = options?.AllowChunkedLength ?? false,
    };

    private static HttpOptions Refuse(string field, string value, DecodeContext context)
    {
        context.RefuseValue(field, value, "http_protocol_options, http2_protocol_options or use_downstream_protocol_config");
        return Nothing;
    }
}
