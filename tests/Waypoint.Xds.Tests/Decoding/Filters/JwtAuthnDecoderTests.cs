using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;

namespace Waypoint.Xds.Tests.Decoding.Filters;

public sealed class JwtAuthnDecoderTests
{
    private readonly DecodeContext _context = new("Filter chain 'inbound-vip|80|http|catalog'");

    [Fact]
    public void DecodeHttp_TwoIssuersAsIstiodSendsThem_RequestsWithoutTokenPass()
    {
        JwtAuthnFilterConfig config = Decode("""
            {"providers": {"origins-1": {"issuer": "b", "local_jwks": {"inline_string": "k"}}, "origins-0": {"issuer": "a", "from_cookies": ["session"], "clear_route_cache": true}},
             "rules": [{"match": {"prefix": "/"}, "requires": {"requires_any": {"requirements": [
               {"provider_name": "origins-0"}, {"provider_name": "origins-1"},
               {"requires_all": {"requirements": [
                 {"requires_any": {"requirements": [{"provider_name": "origins-0"}, {"allow_missing": {}}]}},
                 {"requires_any": {"requirements": [{"provider_name": "origins-1"}, {"allow_missing": {}}]}}]}}]}}}],
             "bypass_cors_preflight": true}
            """);
        Assert.Empty(_context.Problems);
        Assert.Equal(["origins-0", "origins-1"], config.Providers.Select(static provider => provider.Name));
        Assert.Equal("k", config.Providers[1].InlineKeys);
        Assert.True(config.BypassCorsPreflight);
        var any = Assert.IsType<AnyRequirement>(Assert.Single(config.Rules).Requirement);
        Assert.Equal(1, Assert.IsType<TokenRequirement>(any.Parts[1]).Provider);
        var last = Assert.IsType<AnyRequirement>(Assert.IsType<AllRequirement>(any.Parts[2]).Parts[0]);
        Assert.True(last.AllowMissing);
        Assert.Single(last.Parts);
    }

    [Fact]
    public void DecodeHttp_OnlyAllowMissingInAny_LooksAtTheTokensOfAllProviders()
    {
        JwtAuthnFilterConfig config = Decode("""
            {"providers": {"a": {"from_headers": [{"name": "X-A"}]}, "b": {"from_params": ["t"]}},
             "rules": [{"match": {"prefix": "/"}, "requires": {"requires_any": {"requirements": [{"allow_missing": {}}]}}}]}
            """);
        var tokens = Assert.IsType<TokenRequirement>(config.Rules[0].Requirement);
        Assert.True(tokens is { AllowMissing: true, AllowFailed: false, Provider: null });
        Assert.Equal(["x-a", "t"], tokens.Locations.Places.Select(static place => place.Name));
    }

    [Fact]
    public void DecodeHttp_RemoteKeys_DefaultsAndRetries()
    {
        RemoteKeySetConfig keys = Decode("""
            {"providers": {"p": {"remote_jwks": {"http_uri": {"uri": "https://issuer/keys", "cluster": "c", "timeout": "5s"}, "async_fetch": {},
              "retry_policy": {"num_retries": 3, "retry_back_off": {"base_interval": "0.1s"}}}}}}
            """).Providers[0].RemoteKeys!;
        Assert.Empty(_context.Problems);
        Assert.Equal(new RemoteKeySetConfig
        {
            Uri = "https://issuer/keys",
            Cluster = "c",
            Timeout = TimeSpan.FromSeconds(5),
            FetchAhead = true,
            Retries = 3,
            BackOffBase = TimeSpan.FromSeconds(0.1),
            BackOffMax = TimeSpan.FromSeconds(1),
        }, keys);
    }

    [Theory]
    [InlineData("""{"providers": {"p": {}}, "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "q"}}]}""", "typed_config.rules[0].requires.provider_name is 'q'; accepted one of p")]
    [InlineData("""{"rules": [{"match": {"prefix": "/"}, "requirement_name": "r"}], "requirement_map": {"s": {}}}""", "typed_config.rules[0].requirement_name is 'r'; accepted one of s")]
    [InlineData("""{"rules": [{"match": {"prefix": "/", "grpc": {}}}]}""", "typed_config.rules[0].match has conditions that rules for tokens do not know; accepted path, headers and query_parameters")]
    [InlineData("""{"rules": [{"requires": {}}]}""", "typed_config.rules[0].match is required")]
    [InlineData("""{"providers": {"p": {"remote_jwks": {"http_uri": {"uri": "keys", "cluster": "c"}}}}}""", "typed_config.providers['p'].remote_jwks.http_uri.uri is 'keys'; accepted an http or https URI")]
    [InlineData("""{"providers": {"p": {"remote_jwks": {"http_uri": {"uri": "http://keys/"}}}}}""", "typed_config.providers['p'].remote_jwks.http_uri.cluster is required")]
    [InlineData("""{"providers": {"p": {"local_jwks": {"filename": "/etc/keys"}}}}""", "typed_config.providers['p'].local_jwks is not in the message; accepted inline_string or inline_bytes")]
    [InlineData("""{"providers": {"p": {"claim_to_headers": [{"header_name": ":path", "claim_name": "sub"}]}}}""", "typed_config.providers['p'].claim_to_headers[0].header_name is ':path'; accepted a header other than host and pseudo headers")]
    [InlineData("""{"providers": {"p": {"claim_to_headers": [{"header_name": "x"}]}}}""", "typed_config.providers['p'].claim_to_headers[0].claim_name is required")]
    [InlineData("""{"providers": {"p": {"from_headers": [{"name": "a b"}]}}}""", "typed_config.providers['p'].from_headers[0].name is 'a b'; accepted a header name")]
    [InlineData("""{"filter_state_rules": {}}""", "typed_config.filter_state_rules.name is required")]
    public void DecodeHttp_WrongValue_ProblemNamesFieldValueAndWhatIsAccepted(string json, string expected)
    {
        Decode(json);
        Assert.Equal($"{_context.Subject}: {expected}", Assert.Single(_context.Problems).Message);
    }

    [Fact]
    public void DecodeHttp_RequirementsWithoutEnd_Refused()
    {
        string deep = string.Concat(Enumerable.Repeat("""{"requires_all": {"requirements": [""", 17)) + """{"allow_missing": {}}""" + string.Concat(Enumerable.Repeat("]}}", 17));
        Decode($$"""{"rules": [{"match": {"prefix": "/"}, "requires": {{deep}}}]}""");
        Assert.EndsWith("is nested deeper than 16", Assert.Single(_context.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DecodePerRoute_EachForm_OrRefused()
    {
        Assert.True(JwtAuthnDecoder.DecodePerRoute(Any.Pack(Json.Parse<PerRouteConfig>("""{"disabled": true}""")), _context)!.Disabled);
        Assert.Equal("r", JwtAuthnDecoder.DecodePerRoute(Any.Pack(Json.Parse<PerRouteConfig>("""{"requirement_name": "r"}""")), _context)!.RequirementName);
        Assert.Empty(_context.Problems);
        Assert.Null(JwtAuthnDecoder.DecodePerRoute(Any.Pack(Json.Parse<PerRouteConfig>("""{"disabled": false}""")), _context));
        Assert.Single(_context.Problems);
    }

    private JwtAuthnFilterConfig Decode(string json) => JwtAuthnDecoder.DecodeHttp("jwt", Any.Pack(Json.Parse<JwtAuthentication>(json)), _context)!;
}
