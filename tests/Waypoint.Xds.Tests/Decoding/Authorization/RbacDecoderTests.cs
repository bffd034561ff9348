using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Authorization;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Authorization;
using HttpRbac = Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;
using HttpRbacPerRoute = Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3.RBACPerRoute;
using NetworkRbac = Waypoint.Protos.Envoy.Extensions.Filters.Network.Rbac.V3.RBAC;

namespace Waypoint.Xds.Tests.Decoding.Authorization;

public sealed class RbacDecoderTests
{
    [Fact]
    public void DecodeHttp_PolicyAsIstiodSendsIt_EnforcedAsWritten()
    {
        RbacFilterConfig filter = Accept("""
            {"rules": {"action": "DENY", "policies": {"ns[shop]-policy[p]-rule[0]": {
               "permissions": [{"and_rules": {"rules": [{"or_rules": {"rules": [{"url_path": {"path": {"prefix": "/admin"}}}]}}, {"or_rules": {"rules": [{"destination_port": 80}]}}]}}],
               "principals": [{"and_ids": {"ids": [{"or_ids": {"ids": [{"filter_state": {"key": "io.istio.peer_principal", "string_match": {"safe_regex": {"regex": ".*/ns/clients/.*"}}}}]}}]}}]}}},
             "shadow_rules_stat_prefix": "istio_dry_run_allow_"}
            """);
        Assert.Equal("envoy.filters.http.rbac", filter.Name);
        Assert.Null(filter.Rules.Shadow);
        Assert.Equal("istio_dry_run_allow_shadow_engine_result", filter.Rules.ShadowResultKey);
        var request = new Request { Path = "/admin/x", Principal = "spiffe://cluster.local/ns/clients/sa/web", Port = 80 };
        RbacFilterVerdict verdict = filter.Rules.Evaluate(in request);
        Assert.False(verdict.Allowed);
        Assert.Equal("rbac_access_denied_matched_policy[ns[shop]-policy[p]-rule[0]]", verdict.DeniedDetails);
        Assert.True(filter.Rules.Evaluate(request with { Principal = "spiffe://cluster.local/ns/other/sa/web" }).Allowed);
        Assert.True(filter.Rules.Evaluate(request with { Principal = null }).Allowed);
        Assert.True(filter.Rules.Evaluate(request with { Path = "/" }).Allowed);
        Assert.True(filter.Rules.Evaluate(request with { Port = 81 }).Allowed);
    }

    [Fact]
    public void DecodeHttp_EmptyRules_NobodyPasses()
    {
        Assert.False(Accept("""{"rules": {}}""").Rules.Evaluate(new Request()).Allowed);
        Assert.True(Accept("{}").Rules.Evaluate(new Request()).Allowed);
    }

    [Fact]
    public void DecodeHttp_ShadowRules_ReportedNotEnforced()
    {
        RbacRules rules = Accept("""
            {"shadow_rules": {"action": "DENY", "policies": {"istio-ext-authz-p-ns[a]-policy[b]-rule[0]": {"permissions": [{"any": true}],  "principals": [{"any": true}] }}}, "shadow_rules_stat_prefix": "istio_ext_authz_"}
            """).Rules;
        RbacFilterVerdict verdict = rules.Evaluate(new Request());
        Assert.True(verdict.Allowed);
        Assert.Equal("istio-ext-authz-p-ns[a]-policy[b]-rule[0]", verdict.Shadow?.Policy);
        Assert.Equal("istio_ext_authz_shadow_effective_policy_id", rules.ShadowPolicyKey);
    }

    [Fact]
    public void DecodeHttp_MatcherBesideRules_MatcherWins()
    {
        var context = new DecodeContext("Chain");
        RbacFilterConfig? filter = Decode("""
            {"rules": {}, "matcher": {"on_no_match": {"action": {"name": "a", "typed_config": {"@type": "type.googleapis.com/envoy.config.rbac.v3.Action", "name": "all", "action": "ALLOW"}}}}}
            """, context);
        Assert.Empty(context.Problems);
        Assert.Equal("all", filter!.Rules.Evaluate(new Request()).Enforced?.Policy);
        Assert.Single(context.Ignored, i => i.FieldPath.EndsWith("rules", StringComparison.Ordinal));
    }

    [Fact]
    public void DecodeNetwork_RulesAndStatPrefix()
    {
        var context = new DecodeContext("Chain");
        NetworkRbacFilterConfig? filter = RbacDecoder.DecodeNetwork("envoy.filters.network.rbac",
            Any.Pack(Json.Parse<NetworkRbac>("""{"rules": {}, "stat_prefix": "tcp.", "shadow_rules": {}, "shadow_rules_stat_prefix": "istio_dry_run_allow_"}""")), context);
        Assert.Empty(context.Problems);
        Assert.Equal(("tcp.", false), (filter!.StatPrefix, filter.Continuous));
        RbacFilterVerdict verdict = filter.Rules.Evaluate(new Request());
        Assert.False(verdict.Allowed);
        Assert.Equal("rbac_access_denied_matched_policy[none]", verdict.DeniedDetails);
        Assert.False(verdict.Shadow?.Allowed);
    }

    [Fact]
    public void DecodePerRoute_WithoutRules_FilterOff()
    {
        var context = new DecodeContext("Route");
        Assert.Same(RbacRules.None, RbacDecoder.DecodePerRoute(Any.Pack(new HttpRbacPerRoute()), context)!.Rules);
        RbacRouteConfig? closed = RbacDecoder.DecodePerRoute(Any.Pack(Json.Parse<HttpRbacPerRoute>("""{"rbac": {"rules": {}}}""")), context);
        Assert.False(closed!.Rules.Evaluate(new Request()).Allowed);
        Assert.Empty(context.Problems);
    }

    [Theory]
    [InlineData("""{"permissions": [], "principals": [{"any": true}]}""", "permissions is empty; accepted at least one")]
    [InlineData("""{"permissions": [{"any": true}], "principals": []}""", "principals is empty; accepted at least one")]
    [InlineData("""{"permissions": [{}], "principals": [{"any": true}]}""", "permissions[0] has no rule")]
    [InlineData("""{"permissions": [{"any": true}], "principals": [{}]}""", "principals[0] has no identifier")]
    [InlineData("""{"permissions": [{"any": false}], "principals": [{"any": true}]}""", "permissions[0].any is false; accepted true")]
    [InlineData("""{"permissions": [{"or_rules": {}}], "principals": [{"any": true}]}""", "permissions[0].or_rules.rules is empty; accepted at least one")]
    [InlineData("""{"permissions": [{"not_rule": {"destination_port": 70000}}], "principals": [{"any": true}]}""", "permissions[0].not_rule.destination_port is 70000; accepted 0-65535")]
    [InlineData("""{"permissions": [{"destination_port_range": {"start": 9, "end": 9}}], "principals": [{"any": true}]}""", "permissions[0].destination_port_range is [9, 9); accepted 0-65536 with the start below the end")]
    [InlineData("""{"permissions": [{"destination_ip": {"address_prefix": "10.0.0", "prefix_len": 8}}], "principals": [{"any": true}]}""", "permissions[0].destination_ip.address_prefix is '10.0.0'; accepted an IPv4 or IPv6 address")]
    [InlineData("""{"permissions": [{"url_path": {"path": {}}}], "principals": [{"any": true}]}""", "permissions[0].url_path.path has no pattern; accepted exact, prefix, suffix, contains or safe_regex")]
    [InlineData("""{"permissions": [{"url_path": {}}], "principals": [{"any": true}]}""", "permissions[0].url_path.path is required")]
    [InlineData("""{"permissions": [{"matcher": {"name": "mine"}}], "principals": [{"any": true}]}""", "permissions[0].matcher is mine; is not implemented")]
    [InlineData("""{"permissions": [{"uri_template": {"name": "x", "typed_config": {"@type": "type.googleapis.com/envoy.config.rbac.v3.Action"}}}], "principals": [{"any": true}]}""",
        "permissions[0].uri_template.typed_config is of type 'envoy.config.rbac.v3.Action'; accepted envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig")]
    [InlineData("""{"permissions": [{"any": true}], "principals": [{"filter_state": {"key": "k"}}]}""", "principals[0].filter_state has no condition; accepted string_match or address_match")]
    [InlineData("""{"permissions": [{"any": true}], "principals": [{"custom": {"name": "mine"}}]}""", "principals[0].custom.typed_config is absent; accepted envoy.extensions.rbac.principals.mtls_authenticated.v3.Config")]
    [InlineData("""{"permissions": [{"any": true}], "principals": [{"any": true}], "checked_condition": {}}""", "checked_condition is not implemented; condition is")]
    [InlineData("""{"permissions": [{"any": true}], "principals": [{"any": true}], "condition": {"call_expr": {"function": "size", "args": [{"ident_expr": {"name": "x"}}]}}}""",
        "condition calls 'size' with 1 operands, which is not implemented; accepted _==_, _!=_, _&&_, _||_, !_, startsWith, endsWith, contains")]
    [InlineData("""{"permissions": [{"any": true}], "principals": [{"any": true}], "condition": {"select_expr": {"operand": {"ident_expr": {"name": "source"}}, "field": "address"}}}""",
        "condition is source.address; asks for an attribute that is not implemented")]
    public void DecodeHttp_NotUnderstood_RefusedByName(string policy, string problem)
    {
        var context = new DecodeContext("Filter chain 'c'");
        Decode("""{"rules": {"policies": {"p": """ + policy + "}}}", context);
        Assert.Equal($"Filter chain 'c': typed_config.rules.policies['p'].{problem}", Assert.Single(context.Problems).Message);
    }

    [Fact]
    public void DecodeHttp_AuditLogger_RefusedUnlessOptional()
    {
        var context = new DecodeContext("Chain");
        Decode("""{"rules": {"audit_logging_options": {"logger_configs": [{"audit_logger": {"name": "x"}, "is_optional": true}]}}}""", context);
        Assert.Empty(context.Problems);
        Decode("""{"rules": {"audit_logging_options": {"logger_configs": [{"audit_logger": {"name": "x"}}]}}}""", context);
        Assert.Contains("audit logger 'x' is not implemented", Assert.Single(context.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DecodeHttp_UndeclaredFieldInAPermission_Refused()
    {
        // Field 77 of a permission, which nobody here knows.
        byte[] unknown = [0xEA, 0x04, 0x01, (byte)'x'];
        var filter = new HttpRbac { Rules = new RBAC { Action = RBAC.Types.Action.Deny } };
        var permission = Permission.Parser.ParseFrom((byte[])[.. new Permission { Any = true }.ToByteArray(), .. unknown]);
        filter.Rules.Policies["p"] = new Policy { Permissions = { permission }, Principals = { new Principal { Any = true } } };
        var context = new DecodeContext("Chain");
        RbacDecoder.DecodeHttp("r", Any.Pack(filter), context);
        Assert.Contains("field 77 is not known", Assert.Single(context.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DecodeHttp_UnknownAction_Refused()
    {
        var context = new DecodeContext("Chain");
        RbacDecoder.DecodeHttp("r", Any.Pack(new HttpRbac { Rules = new RBAC { Action = (RBAC.Types.Action)9 } }), context);
        Assert.Contains(context.Problems, p => p.Message == "Chain: typed_config.rules.action is 9; accepted ALLOW, DENY, LOG");
    }

    [Fact]
    public void DecodeHttp_BytesAreNoSuchMessage_Refused()
    {
        var context = new DecodeContext("Chain");
        Assert.Null(RbacDecoder.DecodeHttp("r", new Any { TypeUrl = Any.Pack(new HttpRbac()).TypeUrl, Value = ByteString.CopyFrom(0x0A, 0x7F) }, context));
        Assert.Null(RbacDecoder.DecodeHttp("r", Any.Pack(new NetworkRbac()), context));
        Assert.Equal(2, context.Problems.Count);
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.2.0.1", false)]
    public void DecodeHttp_IpBlocks_AskForThePeer(string address, bool allowed)
    {
        RbacFilterConfig filter = Accept("""
            {"rules": {"policies": {"p": {"permissions": [{"any": true}], "principals": [{"direct_remote_ip": {"address_prefix": "10.1.0.0", "prefix_len": 16}}]}}}}
            """);
        Assert.Equal(allowed, filter.Rules.Evaluate(new Request { Peer = IPAddress.Parse(address) }).Allowed);
    }

    private static RbacFilterConfig Accept(string json)
    {
        var context = new DecodeContext("Chain");
        RbacFilterConfig? filter = Decode(json, context);
        Assert.Empty(context.Problems);
        return filter!;
    }

    private static RbacFilterConfig? Decode(string json, DecodeContext context)
        => RbacDecoder.DecodeHttp("envoy.filters.http.rbac", Any.Pack(Json.Parse<HttpRbac>(json)), context);
}
