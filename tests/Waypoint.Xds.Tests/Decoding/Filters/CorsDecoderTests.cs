using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.Cors;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;
using CorsPolicy = Waypoint.Protos.Envoy.Extensions.Filters.Http.Cors.V3.CorsPolicy;

namespace Waypoint.Xds.Tests.Decoding.Filters;

public sealed class CorsDecoderTests
{
    private readonly DecodeContext _context = new("Filter chain 'inbound-vip|80|http|cart'");

    [Fact]
    public void DecodePerRoute_AsIstiodSendsIt_EveryField()
    {
        CorsRouteConfig policy = Decode("""
            {"allow_origin_string_match": [{"exact": "https://one.example"}, {"safe_regex": {"regex": "^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$"}}],
             "allow_methods": "GET,POST", "allow_headers": "x-a", "expose_headers": "x-c", "max_age": "86400", "allow_credentials": true,
             "forward_not_matching_preflights": false, "filter_enabled": {"default_value": {"numerator": 100}}}
            """);
        Assert.Empty(_context.Problems);
        Assert.Equal(("GET,POST", "x-a", "x-c", "86400"), (policy.AllowMethods, policy.AllowHeaders, policy.ExposeHeaders, policy.MaxAge));
        Assert.Equal((true, false, false), (policy.AllowCredentials, policy.ForwardNotMatchingPreflights, policy.AllowPrivateNetwork));
        Assert.Equal((true, true, false), (policy.Allows("https://one.example"), policy.Allows("http://any.example:8080"), policy.Allows("null")));
        Assert.True(policy.Enabled!.IsEnabled(99, null));
    }

    [Fact]
    public void DecodePerRoute_NothingSet_Defaults()
    {
        CorsRouteConfig policy = Decode("{}");
        Assert.Empty(_context.Problems);
        Assert.Equal((false, true, "", null), (policy.AllowCredentials, policy.ForwardNotMatchingPreflights, policy.MaxAge, policy.Enabled));
        Assert.False(policy.Allows("https://one.example"));
    }

    [Fact]
    public void DecodePerRoute_BrokenRegex_Refused()
    {
        Decode("""{"allow_origin_string_match": [{"exact": "a"}, {"safe_regex": {"regex": "("}}]}""");
        Assert.Equal("allow_origin_string_match[1].safe_regex.regex", Assert.Single(_context.Problems).FieldPath);
    }

    private CorsRouteConfig Decode(string json) => CorsDecoder.DecodePerRoute(Any.Pack(Json.Parse<CorsPolicy>(json)), _context)!;
}
