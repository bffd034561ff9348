using System.Globalization;
using System.Net;

namespace Waypoint.Load.Mesh;

/// <summary>Clusters and endpoints as istiod shapes them for a waypoint.</summary>
internal static class ClusterJson
{
    private const string NoLimits = """
        "circuit_breakers": {"thresholds": [{"max_connections": 4294967295, "max_pending_requests": 4294967295, "max_requests": 4294967295, "max_retries": 4294967295}]}
        """;

    private const string InternalSocket = """
        "transport_socket": {"name": "internal_upstream", "typed_config": {
          "@type": "type.googleapis.com/envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport",
          "passthrough_metadata": [{"kind": {"host": {}}, "name": "envoy.filters.listener.original_dst"}, {"kind": {"host": {}}, "name": "istio"}],
          "transport_socket": {"name": "raw_buffer", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"}}}}
        """;

    private const string HttpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    /// <summary>All clusters of the mesh, by name.</summary>
    public static Dictionary<string, string> Clusters(MeshShape mesh)
    {
        var clusters = new Dictionary<string, string>
        {
            ["main_internal"] = Internal("main_internal", "main_internal"),
            ["encap"] = Internal("encap", "connect_originate"),
            ["connect_originate"] = Originate(),
        };
        for (int service = 0; service < mesh.Services; service++)
        {
            foreach (var port in mesh.UsedPorts)
                clusters[MeshShape.ChainName(service, port)] = Inbound(service, port);
        }
        return clusters;
    }

    /// <summary>The endpoints of every service cluster, by name. Only the driven service has pods that exist.</summary>
    public static Dictionary<string, string> Endpoints(MeshShape mesh)
    {
        var assignments = new Dictionary<string, string>();
        for (int service = 0; service < mesh.Services; service++)
        {
            IReadOnlyList<IPAddress> pods = service == 0 ? mesh.Pods : [.. Enumerable.Range(62, mesh.EndpointsOfOthers).Select(net => PodOf(service, net))];
            foreach (var port in mesh.UsedPorts)
            {
                string name = MeshShape.ChainName(service, port);
                string endpoints = string.Join(",\n", pods.Select(pod => Endpoint(service, string.Create(CultureInfo.InvariantCulture, $"{pod}:{port.Target}"))));
                assignments[name] = $$$"""
                    {"@type": "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", "cluster_name": "{{{name}}}",
                     "endpoints": [{"locality": {"region": "here", "zone": "here-1"}, "load_balancing_weight": {{{pods.Count}}}, "lb_endpoints": [{{{endpoints}}}]}]}
                    """;
            }
        }
        return assignments;
    }

    private static IPAddress PodOf(int service, int net) =>
        IPAddress.Parse(MeshShape.VirtualAddress(service).Replace("10.61.", string.Create(CultureInfo.InvariantCulture, $"127.{net}."), StringComparison.Ordinal));

    private static string Endpoint(int service, string address) => $$$"""
        {"endpoint": {"address": {"envoy_internal_address": {"endpoint_id": "{{{address}}}", "server_listener_name": "connect_originate"}} },
         "health_status": "HEALTHY", "load_balancing_weight": 1,
         "metadata": {"filter_metadata": {"envoy.filters.listener.original_dst": {"local": "{{{address}}}"},
                                          "istio": {"workload": "app;{{{MeshShape.Namespace}}};{{{MeshShape.ServiceName(service)}}};v1;Kubernetes"}} }}
        """;

    private static string Inbound(int service, ServicePort port)
    {
        string name = MeshShape.ChainName(service, port);
        string options = port.Http2
            ? $$$""", "typed_extension_protocol_options": {"{{{HttpOptions}}}": {"@type": "type.googleapis.com/{{{HttpOptions}}}", "explicit_http_config": {"http2_protocol_options": {}} }}"""
            : "";
        return $$$"""
            {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "{{{name}}}", "alt_stat_name": "{{{name}}};", "type": "EDS",
             "eds_cluster_config": {"service_name": "{{{name}}}", "eds_config": {"ads": {}, "initial_fetch_timeout": "0s", "resource_api_version": "V3"} },
             "connect_timeout": "10s", "lb_policy": "LEAST_REQUEST", "common_lb_config": {"healthy_panic_threshold": {} },
             "metadata": {"filter_metadata": {"istio": {"subset": "{{{(port.Http ? "http" : "tcp")}}}",
                "services": [{"host": "{{{MeshShape.HostName(service)}}}", "name": "{{{MeshShape.ServiceName(service)}}}", "namespace": "{{{MeshShape.Namespace}}}"}]}} },
             {{{NoLimits}}}, {{{InternalSocket}}}{{{options}}} }
            """;
    }

    private static string Internal(string name, string listener) => $$$"""
        {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "{{{name}}}", "alt_stat_name": "{{{name}}};", "type": "STATIC",
         "load_assignment": {"cluster_name": "{{{name}}}",
           "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "{{{listener}}}"}} }}]}]},
         "typed_extension_protocol_options": {"{{{HttpOptions}}}": {"@type": "type.googleapis.com/{{{HttpOptions}}}", "common_http_protocol_options": {"idle_timeout": "300s"},
           "use_downstream_protocol_config": {"http2_protocol_options": {}, "http_protocol_options": {}} }},
         {{{NoLimits}}}, {{{InternalSocket}}} }
        """;

    private static string Originate() => $$$"""
        {"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "connect_originate", "alt_stat_name": "connect_originate;", "type": "ORIGINAL_DST",
         "cleanup_interval": "60s", "connect_timeout": "10s", "lb_policy": "CLUSTER_PROVIDED",
         "original_dst_lb_config": {"metadata_key": {"key": "envoy.filters.listener.original_dst", "path": [{"key": "waypoint"}]}, "upstream_port_override": 15008},
         "typed_extension_protocol_options": {"{{{HttpOptions}}}": {"@type": "type.googleapis.com/{{{HttpOptions}}}", "common_http_protocol_options": {"idle_timeout": "3600s"},
           "explicit_http_config": {"http2_protocol_options": {"allow_connect": true}} }},
         {{{NoLimits}}},
         "transport_socket": {"name": "tls", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
           "common_tls_context": {{{ListenerJson.TlsContext($"ns/{MeshShape.Namespace}/sa/")}}} }} }
        """;
}
