using Waypoint.Model.Authorization;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Listeners;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Protos.Envoy.Extensions.TransportSockets.Tls.V3;
using FilterChain = Waypoint.Protos.Envoy.Config.Listener.V3.FilterChain;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>Listener <c>connect_terminate</c> to <see cref="TunnelTerminationConfig"/>. Its shape is fixed: one chain, mTLS, one connection manager that hands every CONNECT to
/// <c>main_internal</c>; what we can vary is who may connect and what is checked on the CONNECT.</summary>
internal static class TunnelTerminationDecoder
{
    /// <summary>Decodes the listener; with problems in the context the result must not be used.</summary>
    public static TunnelTerminationConfig Decode(Listener message, DecodeContext context)
    {
        var refused = new TunnelTerminationConfig { TrustDomains = [] };
        foreach (ListenerFilter filter in message.ListenerFilters)
            context.Refuse("listener_filters", $"listener filter '{filter.Name}' is not implemented here");
        if (message.FilterChains.Count != 1 || message.FilterChainMatcher is not null || message.DefaultFilterChain is not null)
        {
            context.RefuseValue("filter_chains", $"{message.FilterChains.Count} chains", "one chain without a matcher");
            return refused;
        }

        using DecodeScope scope = context.Field("filter_chains", 0);
        FilterChain chain = message.FilterChains[0];
        IReadOnlyList<string>? trustDomains = Tls(chain, context);
        if (chain.Filters.Count != 1)
        {
            context.RefuseValue("filters", $"{chain.Filters.Count} filters", "the HTTP connection manager alone");
            return refused;
        }

        if (!context.TryRead(chain.Filters[0].TypedConfig, "filters[0].typed_config", out HttpConnectionManager? manager))
            return refused;
        return Decode(manager, trustDomains, message.AccessLog.Count > 0, context);
    }

    private static TunnelTerminationConfig Decode(HttpConnectionManager manager, IReadOnlyList<string>? trustDomains, bool listenerLogs, DecodeContext context)
    {
        HttpConnectionRestrictions.Check(manager, context);
        CheckRoute(manager, context);
        (IReadOnlyList<HttpFilterConfig> filters, _) = HttpConnectionDecoder.Filters(manager.HttpFilters, context);
        var authorization = new List<RbacFilterConfig>();
        foreach (HttpFilterConfig filter in filters)
        {
            if (filter is RbacFilterConfig rbac)
                authorization.Add(rbac);
            else
                context.Refuse("http_filters", $"HTTP filter '{filter.Name}' is not implemented for CONNECT requests");
        }

        Http2ProtocolOptions? http2 = manager.Http2ProtocolOptions;
        var defaults = new TunnelTerminationConfig { TrustDomains = null };
        return defaults with
        {
            TrustDomains = trustDomains,
            MaxConcurrentStreams = context.ReadNumber(
                http2?.MaxConcurrentStreams, "http2_protocol_options.max_concurrent_streams", defaults.MaxConcurrentStreams, 1, int.MaxValue),
            KeepAliveInterval = context.ReadDuration(
                http2?.ConnectionKeepalive?.Interval, "http2_protocol_options.connection_keepalive.interval", defaults.KeepAliveInterval),
            KeepAliveTimeout = context.ReadDuration(
                http2?.ConnectionKeepalive?.Timeout, "http2_protocol_options.connection_keepalive.timeout", defaults.KeepAliveTimeout),
            ConnectAuthorization = authorization,
            AccessLogEnabled = listenerLogs || manager.AccessLog.Count > 0,
        };
    }

    private static IReadOnlyList<string>? Tls(FilterChain chain, DecodeContext context)
    {
        using DecodeScope scope = context.Field("transport_socket");
        if (!context.TryRead(chain.TransportSocket?.TypedConfig, "typed_config", out DownstreamTlsContext? tls))
            return [];
        if (!(tls.RequireClientCertificate ?? false))
            context.RefuseValue("typed_config.require_client_certificate", "false", "true");
        return HboneTlsDecoder.TrustDomains(tls.CommonTlsContext, context);
    }

    private static void CheckRoute(HttpConnectionManager manager, DecodeContext context)
    {
        bool known = manager.RouteConfig is { VirtualHosts: [{ Domains: ["*"], Routes: [{ } route] }] }
            && route.Match?.PathSpecifierCase == RouteMatch.PathSpecifierOneofCase.ConnectMatcher
            && route.Match.Headers.Count + route.Match.QueryParameters.Count + route.Match.DynamicMetadata.Count == 0
            && route.Route_?.Cluster == FixedNames.MainInternal;
        if (!known)
            context.RefuseValue("route_config", "of another form", $"one route that hands every CONNECT to {FixedNames.MainInternal}");
    }
}
