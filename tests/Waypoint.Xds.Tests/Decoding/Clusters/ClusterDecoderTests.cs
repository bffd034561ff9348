using Google.Protobuf;
using Waypoint.Model.Clusters;
using Waypoint.Model.Endpoints;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Store;
using LoadBalancingPolicy = Waypoint.Model.Clusters.LoadBalancingPolicy;

namespace Waypoint.Xds.Tests.Decoding.Clusters;

public sealed class ClusterDecoderTests
{
    private const string Name = "inbound-vip|80|http|reviews.shop.svc.cluster.local";
    private const string Eds = """ "type": "EDS", "eds_cluster_config": {"eds_config": {"ads": {}}} """;
    private const string HttpOptions = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    [Fact]
    public void Decode_ClusterAsIstiodSendsIt_EveryFieldTheDataPathReads()
    {
        ClusterConfig cluster = Decode("""
            {"name": "%NAME%", %EDS%, "connect_timeout": "10s", "lb_policy": "LEAST_REQUEST",
             "circuit_breakers": {"thresholds": [{"priority": "HIGH", "max_requests": 5}, {"max_connections": 7, "max_requests": 9}]},
             "common_lb_config": {"healthy_panic_threshold": {}, "locality_weighted_lb_config": {}},
             "metadata": {"filter_metadata": {"istio": {"services": [{"host": "reviews.shop.svc.cluster.local", "name": "reviews", "namespace": "shop"}]}}},
             "transport_socket": {"name": "internal_upstream", "typed_config": {
               "@type": "type.googleapis.com/envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport",
               "transport_socket": {"name": "raw_buffer", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"}}}}}
            """);

        Assert.Equal(ClusterDiscovery.Eds, cluster.Discovery);
        Assert.Equal(Name, cluster.EdsServiceName);
        Assert.Null(cluster.InlineEndpoints);
        Assert.Equal(TimeSpan.FromSeconds(10), cluster.ConnectTimeout);
        Assert.Equal(LoadBalancingPolicy.LeastRequest, cluster.LoadBalancing);
        Assert.Equal(new CircuitBreakerLimits(7, 1024, 9, 3), cluster.CircuitBreakers);
        Assert.Equal(0, cluster.PanicThresholdPercent);
        Assert.True(cluster.LocalityWeighted);
        Assert.Equal(new ClusterService("reviews.shop.svc.cluster.local", "reviews", "shop"), cluster.Service);
        Assert.Null(Assert.Single(cluster.TransportSockets).RefusedBecause);
    }

    [Theory]
    [InlineData("""{"explicit_http_config": {"http_protocol_options": {}}}""", UpstreamHttpVersion.Http11)]
    [InlineData("""{"explicit_http_config": {"http2_protocol_options": {}}}""", UpstreamHttpVersion.Http2)]
    [InlineData("""{"use_downstream_protocol_config": {"http_protocol_options": {}, "http2_protocol_options": {}}}""", UpstreamHttpVersion.SameAsDownstream)]
    public void Decode_HttpOptions_VersionTowardsTheEndpoints(string options, UpstreamHttpVersion expected)
    {
        ClusterConfig cluster = Decode("""
            {"name": "%NAME%", %EDS%, "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":
              {"@type": "%HTTP%", "common_http_protocol_options": {"idle_timeout": "7s", "max_requests_per_connection": 17}, %OPTIONS% }}}
            """.Replace("%OPTIONS%", options[1..^1], StringComparison.Ordinal));

        Assert.Equal(expected, cluster.HttpVersion);
        Assert.Equal(TimeSpan.FromSeconds(7), cluster.IdleTimeout);
        Assert.Equal(17u, cluster.MaxRequestsPerConnection);
    }

    [Fact]
    public void Decode_OutboundClusterOfASidecarMesh_SocketPerLabelWithItsLayers()
    {
        ClusterConfig cluster = Decode("""
            {"name": "%NAME%", %EDS%, "transport_socket_matches": [
              {"name": "hbone", "match": {"tunnel": "http"}, "transport_socket": {"name": "x", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport",
                "transport_socket": {"name": "raw_buffer", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"}}}}},
              {"name": "tlsMode-istio", "match": {"tlsMode": "istio"}, "transport_socket": {"name": "tls", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext", "sni": "x"}}},
              {"name": "tlsMode-disabled", "match": {}, "transport_socket": {"name": "raw_buffer", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"}}}]}
            """);

        Assert.Equal(["hbone", "tlsMode-istio", "tlsMode-disabled", "default"], cluster.TransportSockets.Select(s => s.Name));
        Assert.Equal("http", cluster.TransportSockets[0].Labels["tunnel"]);
        Assert.Equal("x", cluster.TransportSockets[1].Tls!.ServerName);
        Assert.Empty(cluster.TransportSockets[2].Labels);
        Assert.All(cluster.TransportSockets.Where(s => s.Name != "tlsMode-istio"), s => Assert.Null(s.Tls));
        Assert.All(cluster.TransportSockets, s => Assert.Null(s.RefusedBecause));
    }

    [Fact]
    public void Decode_StaticCluster_InlineEndpoints() =>
        Assert.Equal(
            EndpointKind.HboneToDestination,
            Assert.Single(Assert.Single(Decode("""
                {"name": "encap", "type": "STATIC", "load_assignment": {"cluster_name": "encap", "endpoints": [{"lb_endpoints": [
                  {"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate"}}}}]}]}}
                """).InlineEndpoints!.Localities).Endpoints).Kind);

    [Theory]
    [InlineData(""" "type": "STRICT_DNS" """, ClusterDiscovery.StrictDns)]
    [InlineData(""" "type": "LOGICAL_DNS", "load_assignment": {"cluster_name": "c", "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {"socket_address": {"address": "a.example", "port_value": 1}}}}]}]} """, ClusterDiscovery.LogicalDns)]
    [InlineData(""" "type": "ORIGINAL_DST", "lb_policy": "CLUSTER_PROVIDED" """, ClusterDiscovery.OriginalDestination)]
    [InlineData(""" "cluster_type": {"name": "envoy.clusters.dynamic_forward_proxy", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig", "dns_cache_config": {"name": "c"}}} """, ClusterDiscovery.DynamicForwardProxy)]
    public void Decode_KindThatTakesItsEndpointsFromElsewhere_AcceptedWithItsKind(string kind, ClusterDiscovery expected) =>
        Assert.Equal(expected, Decode("""{"name": "%NAME%", %KIND% }""".Replace("%KIND%", kind, StringComparison.Ordinal)).Discovery);

    [Theory]
    [InlineData(""" "type": "EDS", "eds_cluster_config": {"eds_config": {"self": {}}} """, "eds_config")]
    [InlineData(""" "cluster_type": {"name": "envoy.clusters.redis"} """, "cluster_type.name is 'envoy.clusters.redis'")]
    [InlineData(""" "original_dst_lb_config": {"use_http_header": true} """, "use_http_header")]
    [InlineData(""" "original_dst_lb_config": {"metadata_key": {"key": "k"}} """, "metadata_key")]
    [InlineData(""" "lb_subset_config": {"subset_selectors": [{"keys": ["version"]}], "list_as_any": true} """, "lb_subset_config.list_as_any")]
    [InlineData(""" "lb_subset_config": {"subset_selectors": [{"keys": []}]} """, "lb_subset_config.subset_selectors[0].keys")]
    [InlineData(""" "lb_subset_config": {"subset_selectors": [{"keys": ["a"], "fallback_policy": "KEYS_SUBSET", "fallback_keys_subset": ["a"]}]} """, "fallback_keys_subset")]
    [InlineData(""" "load_balancing_policy": {"policies": [{"typed_extension_config": {"name": "lab"}}]} """, "load_balancing_policy")]
    [InlineData(""" "lb_policy": "LOAD_BALANCING_POLICY_CONFIG" """, "lb_policy")]
    [InlineData(""" "least_request_lb_config": {"choice_count": 1} """, "choice_count is 1")]
    [InlineData(""" "connect_timeout": "-1s" """, "connect_timeout")]
    [InlineData(""" "transport_socket": {"name": "lab"} """, "transport_socket")]
    [InlineData(""" "filters": [{"name": "guard", "typed_config": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": "x"}}] """, "filters 'guard'")]
    [InlineData(""" "transport_socket_matches": [{"name": "m", "match": {"a": 1}}] """, "match.a")]
    public void Decode_WhatWouldRouteElsewhere_RefusedByName(string field, string expected)
    {
        Decoded<StoredCluster> decoded = Try("""{"name": "%NAME%", %FIELD% }""".Replace("%FIELD%", field, StringComparison.Ordinal));

        Assert.Null(decoded.Value);
        Assert.Contains(decoded.Context.Problems, p => p.Message.Contains(Name, StringComparison.Ordinal) && p.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_TransportSocketOfAnUnknownType_RefusedByName()
    {
        var cluster = Json.Parse<Cluster>(Fill("""{"name": "%NAME%", %EDS% }"""));
        cluster.TransportSocket = new() { Name = "lab", TypedConfig = new() { TypeUrl = "type.googleapis.com/lab.broken.v1.NotThere" } };

        Decoded<StoredCluster> decoded = ResourceDecoder.Cluster(Name, cluster.ToByteString(), default);

        Assert.Null(decoded.Value);
        Assert.Contains("lab.broken.v1.NotThere", Assert.Single(decoded.Context.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_NameIsNotTheResourceName_Refused() =>
        Assert.Contains("name is 'b'", Assert.Single(ResourceDecoder.Cluster("a", new Cluster { Name = "b" }.ToByteString(), default).Context.Problems).Message, StringComparison.Ordinal);

    private static ClusterConfig Decode(string json)
    {
        Decoded<StoredCluster> decoded = Try(json);
        Assert.Empty(decoded.Context.Problems);
        return decoded.Value!.Config!;
    }

    private static Decoded<StoredCluster> Try(string json)
    {
        var message = Json.Parse<Cluster>(Fill(json));
        return ResourceDecoder.Cluster(message.Name, message.ToByteString(), new(0, 17));
    }

    private static string Fill(string json) => json
        .Replace("%NAME%", Name, StringComparison.Ordinal)
        .Replace("%EDS%", Eds, StringComparison.Ordinal)
        .Replace("%HTTP%", HttpOptions, StringComparison.Ordinal);
}
