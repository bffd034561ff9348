using System.Globalization;

namespace Waypoint.Load.Mesh;

/// <summary>The three listeners as istiod shapes them for a waypoint.</summary>
internal static class ListenerJson
{
    private const string Manager = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

    /// <summary>All listeners, by name.</summary>
    public static Dictionary<string, string> Listeners(MeshShape mesh) => new()
    {
        ["connect_terminate"] = Terminate(),
        ["main_internal"] = MainInternal(mesh),
        ["connect_originate"] = """
            {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "connect_originate", "internal_listener": {}, "use_original_dst": false,
             "listener_filters": [{"name": "envoy.filters.listener.original_dst",
               "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst"}}],
             "filter_chains": [{"filters": [{"name": "envoy.filters.network.tcp_proxy", "typed_config": {
               "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", "cluster": "connect_originate", "stat_prefix": "connect_originate",
               "tunneling_config": {"hostname": "%DOWNSTREAM_LOCAL_ADDRESS%"}}}]}]}
            """,
    };

    /// <summary>A <c>CommonTlsContext</c>: mutual TLS 1.3 with the workload certificate, for identities of the trust domain and (which adds nobody) <paramref name="others"/>.</summary>
    public static string TlsContext(params IEnumerable<string> others)
    {
        string identities = string.Join(", ", others.Prepend("").Select(static part =>
            $$$"""{"san_type": "URI", "matcher": {"prefix": "spiffe://{{{MeshShape.TrustDomain}}}/{{{part}}}"}}"""));
        const string Sds = """
            "sds_config": {"initial_fetch_timeout": "0s", "resource_api_version": "V3", "api_config_source": {"api_type": "GRPC", "transport_api_version": "V3",
              "set_node_on_first_message_only": true, "grpc_services": [{"envoy_grpc": {"cluster_name": "sds-grpc"}}]}}
            """;
        return $$$"""
            {"alpn_protocols": ["h2"], "tls_params": {"tls_minimum_protocol_version": "TLSv1_3", "tls_maximum_protocol_version": "TLSv1_3"},
             "tls_certificate_sds_secret_configs": [{"name": "default", {{{Sds}}} }],
             "combined_validation_context": {"validation_context_sds_secret_config": {"name": "ROOTCA", {{{Sds}}} },
               "default_validation_context": {"match_typed_subject_alt_names": [{{{identities}}}]}} }
            """;
    }

    private static string Terminate() => $$$"""
        {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "connect_terminate",
         "address": {"socket_address": {"address": "0.0.0.0", "port_value": 15008}}, "connection_balance_config": {"exact_balance": {}},
         "filter_chains": [{"name": "default",
           "transport_socket": {"name": "tls", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
             "require_client_certificate": true, "common_tls_context": {{{TlsContext()}}} }},
           "filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": {"@type": "type.googleapis.com/{{{Manager}}}",
             "stat_prefix": "connect_terminate", "server_name": "istio-envoy", "stream_idle_timeout": "0s", "use_remote_address": false,
             "forward_client_cert_details": "APPEND_FORWARD", "set_current_client_cert_details": {"dns": true, "subject": true, "uri": true},
             "http2_protocol_options": {"allow_connect": true, "max_concurrent_streams": 100, "connection_keepalive": {"interval": "10s", "timeout": "20s"}},
             "upgrade_configs": [{"upgrade_type": "CONNECT"}],
             "route_config": {"name": "default", "virtual_hosts": [{"name": "default", "domains": ["*"], "routes": [{"match": {"connect_matcher": {}},
               "route": {"cluster": "main_internal", "upgrade_configs": [{"connect_config": {}, "upgrade_type": "CONNECT"}]}}]}]},
             "http_filters": [
               {"name": "connect_authority", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.set_filter_state.v3.Config", "on_request_headers": [
                 {{{State("envoy.filters.listener.original_dst.local_ip", "%REQ(:AUTHORITY)%", hashable: false)}}},
                 {{{State("io.istio.connect_authority", "%REQ(:AUTHORITY)%", hashable: true)}}},
                 {{{State("envoy.filters.listener.original_dst.remote_ip", "%DOWNSTREAM_REMOTE_ADDRESS%", hashable: false)}}},
                 {{{State("io.istio.peer_principal", "%DOWNSTREAM_PEER_URI_SAN%", hashable: true)}}},
                 {{{State("io.istio.local_principal", "%DOWNSTREAM_LOCAL_URI_SAN%", hashable: true)}}}]}},
               {{{HttpChainJson.Router}}}]}}]}]}
        """;

    private static string State(string key, string format, bool hashable) => $$$"""
        {"object_key": "{{{key}}}", {{{(hashable ? "\"factory_key\": \"istio.hashable_string\", " : "")}}}"shared_with_upstream": "ONCE",
         "format_string": {"text_format_source": {"inline_string": "{{{format}}}"}} }
        """;

    private static string MainInternal(MeshShape mesh)
    {
        var services = Enumerable.Range(0, mesh.Services).ToArray();
        string chains = string.Join(",\n", services.SelectMany(service => mesh.UsedPorts.Select(port => Chain(mesh, service, port))));
        string byAddress = string.Join(",\n", services.Select(service => ByPort(mesh, service)));
        string declared = string.Join(", ", mesh.UsedPorts.Select(port =>
            string.Create(CultureInfo.InvariantCulture, $$$"""{"destination_port_range": {"start": {{{port.Number}}}, "end": {{{port.Number + 1}}} }}""")));
        return $$$"""
            {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": "main_internal", "internal_listener": {}, "traffic_direction": "INBOUND",
             "filter_chain_matcher": {"matcher_tree": {
               "input": {{{Input("ip", "DestinationIPInput")}}},
               "custom_match": {"name": "ip", "typed_config": {"@type": "type.googleapis.com/xds.type.matcher.v3.IPMatcher", "range_matchers": [{{{byAddress}}}]}} }},
             "listener_filters": [
               {"name": "envoy.filters.listener.original_dst", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst"}},
               {"name": "envoy.filters.listener.http_inspector", "filter_disabled": {"or_match": {"rules": [{{{declared}}}]}},
                "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.listener.http_inspector.v3.HttpInspector"}}],
             "filter_chains": [{{{chains}}}]}
            """;
    }

    private static string Input(string name, string type) =>
        $$$"""{"name": "{{{name}}}", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.{{{type}}}"}}""";

    private static string ByPort(MeshShape mesh, int service)
    {
        string ports = string.Join(",\n", mesh.UsedPorts.Select(port => $$$"""
            "{{{port.Number}}}": {"action": {"name": "{{{MeshShape.ChainName(service, port)}}}",
              "typed_config": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": "{{{MeshShape.ChainName(service, port)}}}"}} }
            """));
        return $$$"""
            {"ranges": [{"address_prefix": "{{{MeshShape.VirtualAddress(service)}}}", "prefix_len": 32}],
             "on_match": {"matcher": {"matcher_tree": {"input": {{{Input("port", "DestinationPortInput")}}}, "exact_match_map": {"map": { {{{ports}}} }} }} }}
            """;
    }

    private static string Chain(MeshShape mesh, int service, ServicePort port)
    {
        string name = MeshShape.ChainName(service, port);
        string filters = port.Http
            ? $$$"""{"name": "envoy.filters.network.http_connection_manager", "typed_config": {{{HttpChainJson.ConnectionManager(mesh, service, port, Manager)}}} }"""
            : $$$"""
                {"name": "envoy.filters.network.tcp_proxy", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
                 "cluster": "{{{name}}}", "stat_prefix": "{{{name}}}"}}
                """;
        return $$$"""{"name": "{{{name}}}", "filters": [{{{filters}}}]}""";
    }
}
