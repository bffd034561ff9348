using System.Collections.Frozen;

namespace Waypoint.Protos.Scanning;

/// <summary>
/// The messages in which nothing may be unknown, because they decide who is let in, what is checked or where a request goes.
/// An Any starts anew: its content is strict when its own type is.
/// </summary>
public static class StrictTypes
{
    /// <summary>Strict themselves, but not what lies in their message fields: a listener's access log may hold anything.</summary>
    private static readonly FrozenSet<string> Shallow = FrozenSet.Create(
        StringComparer.Ordinal,
        "envoy.config.cluster.v3.Cluster.TransportSocketMatch",
        "envoy.config.core.v3.ExtensionConfigSource",
        "envoy.config.core.v3.TransportSocket",
        "envoy.config.core.v3.TypedExtensionConfig",
        "envoy.config.listener.v3.Filter",
        "envoy.config.listener.v3.FilterChain",
        "envoy.config.listener.v3.ListenerFilter",
        "envoy.config.route.v3.FilterConfig",
        "envoy.config.route.v3.Route",
        "envoy.config.route.v3.RouteAction",
        "envoy.config.route.v3.RouteConfiguration",
        "envoy.config.route.v3.VirtualHost",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter",
        "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
        "envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport",
        "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer",
        "istio.workload.Workload");

    /// <summary>Strict with everything below, up to the next Any.</summary>
    private static readonly FrozenSet<string> Deep = FrozenSet.Create(
        StringComparer.Ordinal,
        "envoy.config.common.mutation_rules.v3.HeaderMutation",
        "envoy.config.core.v3.CidrRange",
        "envoy.config.listener.v3.FilterChainMatch",
        "envoy.config.rbac.v3.Permission",
        "envoy.config.rbac.v3.Policy",
        "envoy.config.rbac.v3.Principal",
        "envoy.config.rbac.v3.RBAC",
        "envoy.config.route.v3.CorsPolicy",
        "envoy.config.route.v3.DirectResponseAction",
        "envoy.config.route.v3.HeaderMatcher",
        "envoy.config.route.v3.QueryParameterMatcher",
        "envoy.config.route.v3.RedirectAction",
        "envoy.config.route.v3.RouteMatch",
        "envoy.config.route.v3.WeightedCluster",
        "envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue",
        "envoy.extensions.filters.http.cors.v3.Cors",
        "envoy.extensions.filters.http.cors.v3.CorsPolicy",
        "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz",
        "envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute",
        "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor",
        "envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute",
        "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
        "envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute",
        "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
        "envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig",
        "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        "envoy.extensions.filters.http.lua.v3.Lua",
        "envoy.extensions.filters.http.lua.v3.LuaPerRoute",
        "envoy.extensions.filters.http.ratelimit.v3.RateLimit",
        "envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute",
        "envoy.extensions.filters.http.rbac.v3.RBAC",
        "envoy.extensions.filters.http.rbac.v3.RBACPerRoute",
        "envoy.extensions.filters.http.set_filter_state.v3.Config",
        "envoy.extensions.filters.http.wasm.v3.Wasm",
        "envoy.extensions.filters.network.ext_authz.v3.ExtAuthz",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.InternalAddressConfig",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathNormalizationOptions",
        "envoy.extensions.filters.network.rbac.v3.RBAC",
        "envoy.extensions.filters.network.set_filter_state.v3.Config",
        "envoy.extensions.matching.common_inputs.network.v3.ApplicationProtocolInput",
        "envoy.extensions.matching.common_inputs.network.v3.DestinationIPInput",
        "envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput",
        "envoy.extensions.matching.common_inputs.network.v3.FilterStateInput",
        "envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig",
        "envoy.extensions.rbac.principals.mtls_authenticated.v3.Config",
        "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
        "envoy.extensions.transport_sockets.tls.v3.Secret",
        "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
        "envoy.type.matcher.v3.FilterStateMatcher",
        "envoy.type.matcher.v3.MetadataMatcher",
        "envoy.type.matcher.v3.PathMatcher",
        "envoy.type.matcher.v3.RegexMatchAndSubstitute",
        "envoy.type.matcher.v3.RegexMatcher",
        "envoy.type.matcher.v3.StringMatcher",
        "envoy.type.matcher.v3.ValueMatcher",
        "google.api.expr.v1alpha1.Expr",
        "xds.core.v3.CidrRange",
        "xds.core.v3.TypedExtensionConfig",
        "xds.type.matcher.v3.CelMatcher",
        "xds.type.matcher.v3.IPMatcher",
        "xds.type.matcher.v3.Matcher");

    /// <summary>True when an unknown piece directly in this message must make its decoder refuse it.</summary>
    /// <param name="fullName">Such as `envoy.config.rbac.v3.RBAC`.</param>
    public static bool Contains(string fullName) => Deep.Contains(fullName) || Shallow.Contains(fullName);

    /// <summary>True when strictness extends to everything below the message, up to the next Any.</summary>
    internal static bool Covers(string fullName) => Deep.Contains(fullName);

    /// <summary>Both lists, for the test that looks for misspelt names.</summary>
    internal static IEnumerable<string> All => Deep.Concat(Shallow);
}
