using System.Globalization;

namespace Waypoint.Load.Mesh;

/// <summary>The connection manager of an HTTP port: filters and routes.</summary>
internal static class HttpChainJson
{
    /// <summary>The last HTTP filter of every chain.</summary>
    public const string Router = """{"name": "envoy.filters.http.router", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}""";

    /// <summary>The connection manager, without telemetry unless the mesh asks for it.</summary>
    public static string ConnectionManager(MeshShape mesh, int service, ServicePort port, string type) => $$$"""
        {"@type": "type.googleapis.com/{{{type}}}", "stat_prefix": "inbound_0.0.0.0_{{{port.Number}}};", "server_name": "istio-envoy", "stream_idle_timeout": "0s",
         "use_remote_address": false, "normalize_path": true, "path_with_escaped_slashes_action": "KEEP_UNCHANGED", "proxy_100_continue": true,
         "upgrade_configs": [{"upgrade_type": "websocket"}],
         "request_id_extension": {"typed_config": {"@type": "type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig", "use_request_id_for_trace_sampling": true}},
         "http_filters": [{{{string.Join(",\n", Filters(mesh))}}}],
         "route_config": {"name": "{{{MeshShape.ChainName(service, port)}}}", "validate_clusters": false, "max_direct_response_body_size_bytes": 1048576,
           "virtual_hosts": [{"name": "inbound|http|{{{port.Number}}}", "domains": ["*"], "routes": [{{{string.Join(",\n", Routes(mesh, service, port))}}}]}]}}
        """;

    private static IEnumerable<string> Filters(MeshShape mesh)
    {
        if (mesh.Policies > 0)
            yield return Policies(mesh.Policies);
        yield return Filter("envoy.filters.http.grpc_stats", "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig", ", \"emit_filter_state\": true, \"stats_for_all_methods\": false");
        yield return Filter("envoy.filters.http.fault", "envoy.extensions.filters.http.fault.v3.HTTPFault");
        yield return Filter("envoy.filters.http.cors", "envoy.extensions.filters.http.cors.v3.Cors");
        if (mesh.Telemetry)
        {
            yield return Filter("waypoint_upstream_peer_metadata", "udpa.type.v1.TypedStruct",
                ", \"type_url\": \"type.googleapis.com/io.istio.http.peer_metadata.Config\", \"value\": {\"upstream_discovery\": [{\"workload_discovery\": {}}]}");
            yield return Filter("istio.stats", "stats.PluginConfig", ", \"disable_host_header_fallback\": true, \"reporter\": \"SERVER_GATEWAY\"");
        }
        yield return Router;
    }

    private static string Filter(string name, string type, string fields = "") => $$$"""{"name": "{{{name}}}", "typed_config": {"@type": "type.googleapis.com/{{{type}}}"{{{fields}}} }}""";

    /// <summary>All but the last route ask for a header that the load never sends.</summary>
    private static IEnumerable<string> Routes(MeshShape mesh, int service, ServicePort port)
    {
        for (int i = 1; i < mesh.Routes; i++)
            yield return Route(service, port, $"rule-{i}", string.Create(CultureInfo.InvariantCulture,
                $$$"""{"path_separated_prefix": "/area-{{{i}}}", "headers": [{"name": "x-rule", "string_match": {"exact": "rule-{{{i}}}"}}]}"""));
        yield return Route(service, port, "default", """{"prefix": "/"}""");
    }

    private static string Route(int service, ServicePort port, string name, string match) => $$$"""
        {"name": "{{{name}}}", "match": {{{match}}}, "decorator": {"operation": "{{{MeshShape.HostName(service)}}}:{{{port.Number}}}/*"},
         "route": {"cluster": "{{{MeshShape.ChainName(service, port)}}}", "timeout": "0s", "max_grpc_timeout": "0s",
           "retry_policy": {"num_retries": 2, "host_selection_retry_max_attempts": "5", "retry_on": "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
             "retry_host_predicate": [{"name": "envoy.retry_host_predicates.previous_hosts",
               "typed_config": {"@type": "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"}}]}} }
        """;

    /// <summary>One ALLOW filter; only its last policy admits the client of the load.</summary>
    private static string Policies(int count)
    {
        var policies = Enumerable.Range(1, count).Select(i => $$$"""
            "ns[{{{MeshShape.Namespace}}}]-policy[allow-{{{i}}}]-rule[0]": {
              "permissions": [{"and_rules": {"rules": [{"or_rules": {"rules": [{"header": {"name": ":method", "string_match": {"exact": "GET"}} }]}}]}}],
              "principals": [{"and_ids": {"ids": [{"or_ids": {"ids": [{"filter_state": {"key": "io.istio.peer_principal",
                "string_match": {"exact": "spiffe://{{{MeshShape.TrustDomain}}}/ns/{{{MeshShape.Namespace}}}/sa/{{{(i == count ? "client" : $"somebody-{i}")}}}"}} }]}}]}}]}
            """);
        return Filter("envoy.filters.http.rbac", "envoy.extensions.filters.http.rbac.v3.RBAC",
            $$$""", "rules": {"action": "ALLOW", "policies": { {{{string.Join(",\n", policies)}}} }}, "shadow_rules_stat_prefix": "istio_dry_run_allow_" """);
    }
}
