using System.Globalization;
using Google.Protobuf.Collections;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Routes;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Router.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Xds.Decoding.Routes;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary><c>envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager</c> to <see cref="HttpConnectionConfig"/>.</summary>
internal static class HttpConnectionDecoder
{
    private static readonly SharedParts<RepeatedField<HttpFilter>, (IReadOnlyList<HttpFilterConfig> Filters, Router Router)> SharedFilters = new();
    private static readonly SharedParts<RepeatedField<HttpConnectionManager.Types.UpgradeConfig>, IReadOnlyList<string>> SharedUpgrades = new();

    /// <summary>Decodes the connection manager of a chain and adds the clusters its routes name to <paramref name="clusters"/>.</summary>
    public static HttpConnectionConfig Decode(HttpConnectionManager message, HashSet<string> clusters, DecodeContext context)
    {
        HttpConnectionRestrictions.Check(message, context);
        (IReadOnlyList<HttpFilterConfig> filters, Router router) = SharedFilters.Get(message.HttpFilters, context, Filters);
        foreach (HttpFilterConfig filter in filters)
            clusters.UnionWith(filter.Clusters);
        HttpProtocolOptions? common = message.CommonHttpProtocolOptions;
        return new HttpConnectionConfig
        {
            Routes = Routes(message, clusters, context),
            RouteConfigName = message.Rds?.RouteConfigName,
            Filters = filters,
            ServerName = message.ServerName.Length == 0 ? "envoy" : SharedText.Of(message.ServerName),
            ServerHeader = ServerHeader(message, context),
            NormalizePath = message.NormalizePath ?? false,
            MergeSlashes = message.MergeSlashes,
            EscapedSlashes = EscapedSlashes(message, context),
            Edge = SharedValue.Of(EdgeDecoder.Decode(message, context)),
            Http1 = SharedValue.Of(Http1ConfigDecoder.Decode(message, context)),
            AllowExtendedConnect = message.Http2ProtocolOptions?.AllowConnect ?? false,
            AcceptHttp10 = message.HttpProtocolOptions?.AcceptHttp10 ?? false,
            PreserveHeaderCase = HeaderCase.IsPreserved(message.HttpProtocolOptions, context),
            AllowedUpgrades = SharedUpgrades.Get(message.UpgradeConfigs, context, Upgrades),
            IdleTimeout = context.ReadDuration(common?.IdleTimeout, "common_http_protocol_options.idle_timeout", HttpConnectionConfig.DefaultIdleTimeout),
            StreamIdleTimeout = context.ReadDuration(message.StreamIdleTimeout, "stream_idle_timeout", TimeSpan.FromMinutes(5)),
            RequestTimeout = context.ReadDuration(message.RequestTimeout, "request_timeout", TimeSpan.Zero),
            RequestHeadersTimeout = context.ReadDuration(message.RequestHeadersTimeout, "request_headers_timeout", TimeSpan.Zero),
            MaxConnectionDuration = context.ReadDuration(common?.MaxConnectionDuration, "common_http_protocol_options.max_connection_duration", TimeSpan.Zero),
            MaxRequestsPerConnection = common?.MaxRequestsPerConnection ?? 0,
            MaxStreamDuration = context.ReadDuration(common?.MaxStreamDuration, "common_http_protocol_options.max_stream_duration", TimeSpan.Zero),
            SuppressEnvoyHeaders = router.SuppressEnvoyHeaders,
            Http2MaxConcurrentStreams = message.Http2ProtocolOptions?.MaxConcurrentStreams,
            AccessLogEnabled = message.AccessLog.Count > 0,
            AccessLogFormat = AccessLogFormatDecoder.Decode(message.AccessLog, context),
            StatPrefix = SharedText.Of(message.StatPrefix),
        };
    }

    /// <summary>The filters in front of the router, and the router, which has to be the last one.</summary>
    public static (IReadOnlyList<HttpFilterConfig> Filters, Router Router) Filters(RepeatedField<HttpFilter> sent, DecodeContext context)
    {
        var filters = new List<HttpFilterConfig>(sent.Count);
        Router? router = null;
        for (int i = 0; i < sent.Count; i++)
        {
            using DecodeScope scope = context.Field("http_filters", i);
            HttpFilter filter = sent[i];
            if (i == sent.Count - 1 && filter.TypedConfig is { } last && TypedConfig.NameOf(last) == ProtoName.Of<Router>())
            {
                if (context.TryRead(last, "typed_config", out router) && router.UpstreamHttpFilters.Count > 0)
                    context.RefuseValue("typed_config.upstream_http_filters", $"'{router.UpstreamHttpFilters[0].Name}'", "none");
                continue;
            }

            if (Filter(filter, context) is { } config)
                filters.Add(config);
        }

        if (router is null)
            context.Refuse("http_filters", "the last one must be the router");
        return (filters, router ?? new Router());
    }

    private static HttpFilterConfig? Filter(HttpFilter filter, DecodeContext context)
    {
        if (filter.Disabled)
            context.RefuseValue("disabled", "true", "false");
        switch (filter.ConfigTypeCase)
        {
            case HttpFilter.ConfigTypeOneofCase.TypedConfig:
                return HttpFilterDecoders.Decode(filter.Name, filter.TypedConfig, context);
            case HttpFilter.ConfigTypeOneofCase.ConfigDiscovery:
                if (filter.ConfigDiscovery.ConfigSource?.ConfigSourceSpecifierCase != ConfigSource.ConfigSourceSpecifierOneofCase.Ads)
                    context.RefuseValue("config_discovery.config_source", filter.ConfigDiscovery.ConfigSource?.ConfigSourceSpecifierCase.ToString() ?? "absent", "ads");
                if (filter.ConfigDiscovery.DefaultConfig is not null)
                    context.RefuseValue("config_discovery.default_config", "set", "absent");
                return new DiscoveredFilterConfig(filter.Name, [.. filter.ConfigDiscovery.TypeUrls.Select(url => url[(url.LastIndexOf('/') + 1)..])]);
            default:
                context.Refuse("", $"HTTP filter '{filter.Name}' has no configuration");
                return null;
        }
    }

    private static RouteTable? Routes(HttpConnectionManager message, HashSet<string> clusters, DecodeContext context)
    {
        switch (message.RouteSpecifierCase)
        {
            case HttpConnectionManager.RouteSpecifierOneofCase.RouteConfig:
                ReferencedClusters.Collect(message.RouteConfig, clusters);
                return RouteConfigurationDecoder.Decode(message.RouteConfig, context);
            case HttpConnectionManager.RouteSpecifierOneofCase.Rds:
                if (message.Rds.ConfigSource?.ConfigSourceSpecifierCase != ConfigSource.ConfigSourceSpecifierOneofCase.Ads)
                    context.RefuseValue("rds.config_source", message.Rds.ConfigSource?.ConfigSourceSpecifierCase.ToString() ?? "absent", "ads");
                if (message.Rds.RouteConfigName.Length == 0)
                    context.RefuseValue("rds.route_config_name", "empty", "a name");
                return null;
            default:
                context.RefuseValue("route_specifier", message.RouteSpecifierCase.ToString(), "route_config or rds");
                return null;
        }
    }

    private static ServerHeaderMode ServerHeader(HttpConnectionManager message, DecodeContext context)
    {
        switch (message.ServerHeaderTransformation)
        {
            case HttpConnectionManager.Types.ServerHeaderTransformation.Overwrite:
                return ServerHeaderMode.Overwrite;
            case HttpConnectionManager.Types.ServerHeaderTransformation.AppendIfAbsent:
                return ServerHeaderMode.AppendIfAbsent;
            case HttpConnectionManager.Types.ServerHeaderTransformation.PassThrough:
                return ServerHeaderMode.PassThrough;
            default:
                context.RefuseValue("server_header_transformation", message.ServerHeaderTransformation.ToString(), "OVERWRITE, APPEND_IF_ABSENT or PASS_THROUGH");
                return ServerHeaderMode.Overwrite;
        }
    }

    private static EscapedSlashesAction EscapedSlashes(HttpConnectionManager message, DecodeContext context)
    {
        switch (message.PathWithEscapedSlashesAction)
        {
            case HttpConnectionManager.Types.PathWithEscapedSlashesAction.ImplementationSpecificDefault:
            case HttpConnectionManager.Types.PathWithEscapedSlashesAction.KeepUnchanged:
                return EscapedSlashesAction.KeepUnchanged;
            case HttpConnectionManager.Types.PathWithEscapedSlashesAction.RejectRequest:
                return EscapedSlashesAction.RejectRequest;
            case HttpConnectionManager.Types.PathWithEscapedSlashesAction.UnescapeAndRedirect:
                return EscapedSlashesAction.UnescapeAndRedirect;
            case HttpConnectionManager.Types.PathWithEscapedSlashesAction.UnescapeAndForward:
                return EscapedSlashesAction.UnescapeAndForward;
            default:
                context.RefuseValue(
                    "path_with_escaped_slashes_action", ((int)message.PathWithEscapedSlashesAction).ToString(CultureInfo.InvariantCulture), "0-4");
                return EscapedSlashesAction.RejectRequest;
        }
    }

    private static List<string> Upgrades(RepeatedField<HttpConnectionManager.Types.UpgradeConfig> sent, DecodeContext context)
    {
        var allowed = new List<string>(sent.Count);
        foreach (HttpConnectionManager.Types.UpgradeConfig upgrade in sent)
        {
            if (upgrade.Filters.Count > 0)
                context.RefuseValue($"upgrade_configs '{upgrade.UpgradeType}'.filters", $"'{upgrade.Filters[0].Name}'", "none; the filters of the chain apply");
            if (upgrade.Enabled ?? true)
                allowed.Add(upgrade.UpgradeType.ToLowerInvariant());
        }

        return allowed;
    }
}
