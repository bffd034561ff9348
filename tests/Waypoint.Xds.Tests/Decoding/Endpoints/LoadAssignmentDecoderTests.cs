using System.Net;
using Google.Protobuf;
using Waypoint.Model.Endpoints;
using Waypoint.Protos.Envoy.Config.Endpoint.V3;
using Waypoint.Xds.Decoding;
using Endpoint = Waypoint.Model.Endpoints.Endpoint;

namespace Waypoint.Xds.Tests.Decoding.Endpoints;

public sealed class LoadAssignmentDecoderTests
{
    private const string Name = "inbound-vip|80|http|reviews.shop.svc.cluster.local";

    [Fact]
    public void Decode_HbonePod_AddressWorkloadWeightAndHealth()
    {
        Endpoint endpoint = DecodeOne("""
            {"health_status": "HEALTHY", "load_balancing_weight": 3,
             "endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate", "endpoint_id": "10.244.2.31:9080"}}},
             "metadata": {"filter_metadata": {
               "istio": {"workload": "reviews-v1;bookinfo;reviews;v1;Kubernetes"},
               "envoy.filters.listener.original_dst": {"local": "10.244.2.31:9080"}}}}
            """);

        Assert.Equal(
            new Endpoint
            {
                Kind = EndpointKind.Hbone,
                Address = new IPEndPoint(IPAddress.Parse("10.244.2.31"), 9080),
                AddressText = "10.244.2.31:9080",
                Weight = 3,
                Health = EndpointHealth.Healthy,
                Workload = "reviews-v1;bookinfo;reviews;v1;Kubernetes",
            },
            endpoint);
    }

    [Fact]
    public void Decode_HbonePodWithoutMetadata_EndpointIdIsTheAddress() =>
        Assert.Equal("[fd00::5]:80", DecodeOne("""
            {"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate", "endpoint_id": "[fd00::5]:80"}}}}
            """).Address!.ToString());

    [Fact]
    public void Decode_InternalAddressWithoutId_LeadsToTheTunnelsOwnDestination() =>
        Assert.Equal(EndpointKind.HboneToDestination, DecodeOne("""
            {"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate"}}}}
            """).Kind);

    [Fact]
    public void Decode_SocketAddressWithLabels_PlainWithSortedLabels()
    {
        Endpoint endpoint = DecodeOne("""
            {"endpoint": {"address": {"socket_address": {"address": "10.0.0.9", "port_value": 8443}}},
             "metadata": {"filter_metadata": {"envoy.transport_socket_match": {"tunnel": "http", "tlsMode": "istio"}}}}
            """);

        Assert.Equal(EndpointKind.Direct, endpoint.Kind);
        Assert.Equal("10.0.0.9:8443", endpoint.AddressText);
        Assert.Equal("tlsMode=istio,tunnel=http", endpoint.SocketLabels);
    }

    [Fact]
    public void Decode_RemoteNetwork_GatewayAddressAndTarget()
    {
        Endpoint endpoint = DecodeOne("""
            {"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "inner_connect_originate", "endpoint_id": "172.18.0.9:15008"}}},
             "metadata": {"filter_metadata": {
               "istio": {"double_hbone": {"hbone_target_address": "reviews.shop.svc.cluster.local:80"}},
               "envoy.filters.listener.original_dst": {"local": "172.18.0.9:15008"}}}}
            """);

        Assert.Equal(EndpointKind.DoubleHbone, endpoint.Kind);
        Assert.Equal("172.18.0.9:15008", endpoint.AddressText);
        Assert.Equal("reviews.shop.svc.cluster.local:80", endpoint.DoubleHboneTarget);
    }

    [Theory]
    [InlineData("UNKNOWN", EndpointHealth.Healthy)]
    [InlineData("HEALTHY", EndpointHealth.Healthy)]
    [InlineData("UNHEALTHY", EndpointHealth.Unhealthy)]
    [InlineData("DRAINING", EndpointHealth.Draining)]
    [InlineData("TIMEOUT", EndpointHealth.Unhealthy)]
    [InlineData("DEGRADED", EndpointHealth.Degraded)]
    public void Decode_HealthStatus_MapsToEligibility(string sent, EndpointHealth expected) =>
        Assert.Equal(expected, DecodeOne("""{"health_status": "H", "endpoint": {"address": {"socket_address": {"address": "10.0.0.9", "port_value": 1}}}}"""
            .Replace("\"H\"", $"\"{sent}\"", StringComparison.Ordinal)).Health);

    [Theory]
    [InlineData("""{"endpoint": {}}""", "endpoint.address")]
    [InlineData("""{"endpoint": {"address": {"pipe": {"path": "/x"}}}}""", "endpoint.address")]
    [InlineData("""{"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "elsewhere", "endpoint_id": "10.0.0.1:1"}}}}""", "server_listener_name is 'elsewhere'")]
    [InlineData("""{"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate", "endpoint_id": "10.1:80"}}}}""", "endpoint_id is '10.1:80'")]
    [InlineData("""{"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "connect_originate", "endpoint_id": "10.0.0.1:0"}}}}""", "endpoint_id is '10.0.0.1:0'")]
    [InlineData("""{"endpoint": {"address": {"envoy_internal_address": {"server_listener_name": "inner_connect_originate", "endpoint_id": "10.0.0.1:15008"}}}}""", "hbone_target_address")]
    [InlineData("""{"endpoint": {"address": {"socket_address": {"address": "10.0.0.9", "port_value": 70000}}}}""", "port_value is 70000")]
    [InlineData("""{"load_balancing_weight": 0, "endpoint": {"address": {"socket_address": {"address": "10.0.0.9", "port_value": 1}}}}""", "load_balancing_weight is 0")]
    public void Decode_EndpointThatLeadsNowhere_RefusedWithItsPlace(string endpoint, string expected)
    {
        Decoded<ClusterEndpoints> decoded = Decode("""{"cluster_name": "%NAME%", "endpoints": [{"lb_endpoints": [%ENDPOINT%]}]}""".Replace("%ENDPOINT%", endpoint, StringComparison.Ordinal));

        Assert.Null(decoded.Value);
        Assert.Contains(decoded.Context.Problems, p => p.Message.Contains("endpoints[0].lb_endpoints[0]", StringComparison.Ordinal) && p.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_NothingButTheName_NoHosts() =>
        Assert.Same(ClusterEndpoints.Empty, Decode("""{"cluster_name": "%NAME%"}""").Value);

    [Fact]
    public void Decode_Localities_OrderPriorityAndWeightsStay()
    {
        ClusterEndpoints endpoints = Decode("""
            {"cluster_name": "%NAME%", "endpoints": [
              {"locality": {"region": "r1", "zone": "z1", "sub_zone": "s"}, "load_balancing_weight": 70, "priority": 1},
              {"locality": {"region": "r2"}, "lb_endpoints": [{"endpoint": {"address": {"socket_address": {"address": "10.0.0.9", "port_value": 1}}}}]}]}
            """).Value!;

        Assert.Equal(new LocalityEndpoints("r1", "z1", "s", 1, 70, endpoints.Localities[0].Endpoints), endpoints.Localities[0]);
        Assert.Empty(endpoints.Localities[0].Endpoints);
        Assert.Single(endpoints.Localities[1].Endpoints);
        Assert.Equal(140u, endpoints.OverprovisioningFactorPercent);
    }

    [Fact]
    public void Decode_BytesThatAreNoMessage_Refused()
    {
        Decoded<ClusterEndpoints> decoded = ResourceDecoder.LoadAssignment(Name, ByteString.CopyFrom(0x0a, 0xff, 0xff, 0x7f, 0x61));

        Assert.Null(decoded.Value);
        Assert.Contains(Name, Assert.Single(decoded.Context.Problems).Message, StringComparison.Ordinal);
    }

    private static Endpoint DecodeOne(string json)
    {
        Decoded<ClusterEndpoints> decoded = Decode("""{"cluster_name": "%NAME%", "endpoints": [{"lb_endpoints": [%ENDPOINT%]}]}""".Replace("%ENDPOINT%", json, StringComparison.Ordinal));
        Assert.Empty(decoded.Context.Problems);
        return Assert.Single(Assert.Single(decoded.Value!.Localities).Endpoints);
    }

    private static Decoded<ClusterEndpoints> Decode(string json) =>
        ResourceDecoder.LoadAssignment(Name, Json.Parse<ClusterLoadAssignment>(json.Replace("%NAME%", Name, StringComparison.Ordinal)).ToByteString());
}
