using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.ExtAuthz;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;
using HttpExtAuthz = Waypoint.Protos.Envoy.Extensions.Filters.Http.ExtAuthz.V3.ExtAuthz;
using NetworkExtAuthz = Waypoint.Protos.Envoy.Extensions.Filters.Network.ExtAuthz.V3.ExtAuthz;
using PerRoute = Waypoint.Protos.Envoy.Extensions.Filters.Http.ExtAuthz.V3.ExtAuthzPerRoute;

namespace Waypoint.Xds.Tests.Decoding.Filters;

public sealed class ExtAuthzDecoderTests
{
    private const string Grpc = "\"transport_api_version\": \"V3\", \"grpc_service\": {\"envoy_grpc\": {\"cluster_name\": \"c\"}}";

    private readonly DecodeContext _context = new("Filter chain 'inbound-vip|80|http|cart'");

    [Fact]
    public void DecodeHttp_HttpServiceAsIstiodSendsIt_EveryField()
    {
        ExtAuthzFilterConfig config = Decode("""
            {"transport_api_version": "V3", "failure_mode_allow": true, "status_on_error": {"code": "ServiceUnavailable"},
             "allowed_headers": {"patterns": [{"exact": "x-token", "ignore_case": true}]},
             "with_request_body": {"max_request_bytes": 10, "allow_partial_message": true, "pack_as_bytes": true},
             "filter_enabled_metadata": {"filter": "envoy.filters.http.rbac", "path": [{"key": "p"}], "value": {"string_match": {"prefix": "istio-ext-authz"}}},
             "http_service": {"server_uri": {"uri": "http://guard", "cluster": "outbound|8000||guard", "timeout": "0.3s"}, "path_prefix": "/check",
               "authorization_request": {"headers_to_add": [{"key": "X-Static", "value": "lab"}]},
               "authorization_response": {"allowed_upstream_headers": {"patterns": [{"exact": "x-user"}]}, "allowed_client_headers": {"patterns": [{"exact": "x-why"}]},
                 "allowed_client_headers_on_success": {"patterns": [{"exact": "x-audit"}]}}}}
            """)!;
        Assert.Empty(_context.Problems);
        Assert.Equal((true, 503, true), (config.FailureModeAllow, config.StatusOnError, config.AllowedHeaders!.Matches("X-TOKEN")));
        Assert.Equal(new CheckBodySettings(10, true, true), config.Body);
        Assert.Equal(["outbound|8000||guard"], config.Clusters);
        var service = Assert.IsType<HttpAuthorizerService>(config.Service);
        Assert.Equal(("/check", TimeSpan.FromMilliseconds(300), "x-static"), (service.PathPrefix, service.Timeout, Assert.Single(service.Headers).Key));
        Assert.True(service.UpstreamHeaders.Matches("x-user") && service.ClientHeaders.Matches("x-why") && service.ClientHeadersOnSuccess.Matches("x-audit"));
    }

    [Fact]
    public void DecodeHttp_GrpcService_Defaults()
    {
        ExtAuthzFilterConfig config = Decode($$"""{{{Grpc}}}""")!;
        Assert.Empty(_context.Problems);
        var service = Assert.IsType<GrpcAuthorizerService>(config.Service);
        Assert.Equal(("c", "c", TimeSpan.FromMilliseconds(200)), (service.Cluster, service.Authority, service.Timeout));
        Assert.Equal((false, 403, true, false), (config.FailureModeAllow, config.StatusOnError, config.TakesMetadata, config.DenyAtDisable));
    }

    [Theory]
    [InlineData("{\"transport_api_version\": \"V3\"}", "services")]
    [InlineData("{\"grpc_service\": {\"envoy_grpc\": {\"cluster_name\": \"c\"}}}", "transport_api_version")]
    [InlineData("{\"transport_api_version\": \"V3\", \"grpc_service\": {\"google_grpc\": {}}}", "target_specifier")]
    [InlineData("{" + Grpc + ", \"typed_metadata_context_namespaces\": [\"a\"]}", "typed_metadata_context_namespaces")]
    [InlineData("{" + Grpc + ", \"route_typed_metadata_context_namespaces\": [\"a\"]}", "route_typed_metadata_context_namespaces")]
    [InlineData("{" + Grpc + ", \"bootstrap_metadata_labels_key\": \"a\"}", "bootstrap_metadata_labels_key")]
    [InlineData("{" + Grpc + ", \"status_on_error\": {\"code\": \"OK\"}}", "status_on_error")]
    [InlineData("{" + Grpc + ", \"with_request_body\": {}}", "max_request_bytes")]
    [InlineData("{" + Grpc + ", \"allowed_headers\": {\"patterns\": [{}]}}", "allowed_headers")]
    [InlineData("{" + Grpc + ", \"decoder_header_mutation_rules\": {\"allow_expression\": {\"regex\": \"(\"}}}", "allow_expression")]
    [InlineData("{\"transport_api_version\": \"V3\", \"http_service\": {\"server_uri\": {\"cluster\": \"c\"}}}", "timeout")]
    public void DecodeHttp_WhatIsNotUnderstood_RefusedByName(string json, string field)
    {
        Decode(json);
        Assert.Contains(_context.Problems, problem => problem.FieldPath.Contains(field, StringComparison.Ordinal));
    }

    [Fact]
    public void DecodePerRoute_ContextExtensions_MergedOverOuterLevels()
    {
        var outer = (ExtAuthzRouteConfig)PerRouteOf("""{"check_settings": {"context_extensions": {"a": "1", "b": "1"}}}""");
        var inner = (ExtAuthzRouteConfig)PerRouteOf("""{"check_settings": {"context_extensions": {"b": "2"}, "disable_request_body_buffering": true}}""").Over(outer);
        Assert.Empty(_context.Problems);
        Assert.Equal(("1", "2", true), (inner.ContextExtensions["a"], inner.ContextExtensions["b"], inner.WithoutBody));
        Assert.True(PerRouteOf("""{"disabled": true}""").Disabled);
        PerRouteOf("""{"disabled": false}""");
        Assert.NotEmpty(_context.Problems);
    }

    [Fact]
    public void DecodeNetwork_WithoutService_Refused()
    {
        NetworkExtAuthzDecoder.Decode("n", Any.Pack(Json.Parse<NetworkExtAuthz>("""{"transport_api_version": "V3", "stat_prefix": "tcp."}""")), _context);
        Assert.Contains(_context.Problems, static problem => problem.FieldPath.EndsWith("grpc_service", StringComparison.Ordinal));
    }

    private ExtAuthzFilterConfig? Decode(string json) => ExtAuthzDecoder.DecodeHttp("ext", Any.Pack(Json.Parse<HttpExtAuthz>(json)), _context);

    private ExtAuthzRouteConfig PerRouteOf(string json) => ExtAuthzDecoder.DecodePerRoute(Any.Pack(Json.Parse<PerRoute>(json)), _context)!;
}
