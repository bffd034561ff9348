using Google.Protobuf;
using Waypoint.Model.Clusters;
using Waypoint.Protos.Envoy.Config.Cluster.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Store;
using DnsLookupFamily = Waypoint.Model.Clusters.DnsLookupFamily;

namespace Waypoint.Xds.Tests.Decoding.Clusters;

/// <summary>What clusters say about single connections and about names.</summary>
public sealed class ConnectionSettingsDecoderTests
{
    [Fact]
    public void Decode_ConnectionPoolOfADestinationRule_EveryLimit()
    {
        ConnectionSettings settings = Decode("""
            "upstream_connection_options": {"tcp_keepalive": {"keepalive_probes": 4, "keepalive_time": 60, "keepalive_interval": 5}},
            "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
              "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
              "common_http_protocol_options": {"max_connection_duration": "30s"},
              "upstream_http_protocol_options": {"auto_sni": true, "auto_san_validation": true},
              "explicit_http_config": {"http2_protocol_options": {"max_concurrent_streams": 7, "initial_stream_window_size": 70000,
                "connection_keepalive": {"interval": "5s", "timeout": "3s"}}}}}
            """).Connections;

        Assert.Equal(new TcpKeepAlive(4, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5)), settings.KeepAlive);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.MaxDuration);
        Assert.Equal((7, 70000), (settings.MaxConcurrentStreams!.Value, settings.StreamWindowBytes!.Value));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3)), (settings.PingInterval!.Value, settings.PingTimeout));
        Assert.True(settings.AutoServerName && settings.AutoNameValidation);
    }

    [Fact]
    public void Decode_NothingSaid_Defaults() => Assert.Equal(ConnectionSettings.Default, Decode("").Connections);

    [Fact]
    public void Decode_StrictDnsAsIstiodSendsIt_NamesAndSettings()
    {
        ClusterConfig cluster = Decode("""
            "type": "STRICT_DNS", "dns_lookup_family": "V4_ONLY", "dns_refresh_rate": "60s", "dns_jitter": "0.100s", "respect_dns_ttl": true,
            "load_assignment": {"cluster_name": "c", "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {"socket_address": {"address": "a.example", "port_value": 8443}}}}]}]}
            """);

        Assert.Null(cluster.InlineEndpoints);
        Assert.Equal("a.example:8443", cluster.NamedEndpoints!.Localities[0].Endpoints[0].AddressText);
        Assert.Equal(
            new DnsSettings { Family = DnsLookupFamily.V4Only, RefreshRate = TimeSpan.FromSeconds(60), Jitter = TimeSpan.FromMilliseconds(100), RespectTtl = true }, cluster.Dns);
    }

    [Fact]
    public void Decode_DynamicForwardProxy_CacheSettings()
    {
        ClusterConfig cluster = Decode("""
            "cluster_type": {"name": "envoy.clusters.dynamic_forward_proxy", "typed_config": {
              "@type": "type.googleapis.com/envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig",
              "dns_cache_config": {"name": "c", "dns_lookup_family": "V4_ONLY", "max_hosts": 3, "host_ttl": "9s", "dns_query_timeout": "2s"}}}
            """);

        Assert.Equal((3, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(2)), (cluster.DynamicForward!.MaxHosts, cluster.DynamicForward.HostTtl, cluster.DynamicForward.QueryTimeout));
        Assert.Equal(DnsLookupFamily.V4Only, cluster.DynamicForward.Dns.Family);
    }

    [Theory]
    [InlineData(""" "type": "STRICT_DNS", "dns_resolvers": [{"socket_address": {"address": "10.0.0.1", "port_value": 53}}] """, "dns_resolvers")]
    [InlineData(""" "upstream_connection_options": {"tcp_keepalive": {"keepalive_probes": 0}} """, "keepalive_probes is 0")]
    [InlineData(""" "type": "LOGICAL_DNS" """, "LOGICAL_DNS")]
    [InlineData(""" "connect_timeout": "0s" """, "connect_timeout is 0s")]
    public void Decode_WhatCannotBeHonoured_RefusedByName(string fields, string expected)
    {
        Decoded<StoredCluster> decoded = Try(fields);

        Assert.Null(decoded.Value);
        Assert.Contains(decoded.Context.Problems, p => p.Message.Contains(expected, StringComparison.Ordinal));
    }

    private static ClusterConfig Decode(string fields)
    {
        Decoded<StoredCluster> decoded = Try(fields);
        Assert.Empty(decoded.Context.Problems);
        return decoded.Value!.Config!;
    }

    private static Decoded<StoredCluster> Try(string fields) =>
        ResourceDecoder.Cluster("c", Json.Parse<Cluster>("""{"name": "c" """ + (fields.Trim().Length > 0 ? "," : "") + fields + "}").ToByteString(), default);
}
