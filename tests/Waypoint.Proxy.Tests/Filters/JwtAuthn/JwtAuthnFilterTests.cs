using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Matching;
using Waypoint.Model.Routes;
using Waypoint.Proxy.Filters.JwtAuthn;
using Waypoint.Proxy.Http;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Filters.JwtAuthn;

public sealed class JwtAuthnFilterTests
{
    private const string Name = "envoy.filters.http.jwt_authn";

    private static readonly SigningIssuer Issuer = new();

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedFetcher _fetcher = new();

    [Fact]
    public async Task Apply_GoodToken_ClaimsForPoliciesAndTokenIsTakenOut()
    {
        HttpExchange exchange = Exchange(Issuer.Sign("""{"iss":"issuer","sub":"me"}"""));
        Assert.True(await Filter(Provider()).ApplyAsync(exchange));
        Assert.Equal("me", MetadataText.Render(exchange.Metadata, Name + ":payload:sub"));
        Assert.False(exchange.Context.Request.Headers.ContainsKey("authorization"));
        Assert.Equal("me", exchange.Context.Request.Headers["x-sub"]);
    }

    [Fact]
    public async Task Apply_TokenInQuery_NeitherUpstreamNorLogSeeIt()
    {
        string token = Issuer.Sign("""{"iss":"issuer","sub":"me"}""");
        HttpExchange exchange = FilterRoutes.Route(new ExchangeBuilder { Config = FilterRoutes.Config(Name, null), Target = $"/p?a=b&access_token={token}", Time = _time });
        Assert.True(await Filter(Provider()).ApplyAsync(exchange));
        Assert.Equal("/p?a=b", exchange.Path);
        Assert.Equal("/p?a=b", exchange.OriginalPath);
    }

    [Fact]
    public async Task Apply_ExpiredToken_401WithChallengeAndDetails()
    {
        HttpExchange exchange = Exchange(Issuer.Sign("""{"iss":"issuer","exp":1}"""));
        Assert.False(await Filter(Provider()).ApplyAsync(exchange));
        Assert.Equal(401, exchange.Context.Response.StatusCode);
        Assert.Equal("Bearer realm=\"http://shop.test/\", error=\"invalid_token\"", exchange.Context.Response.Headers.WWWAuthenticate);
        Assert.Equal("jwt_authn_access_denied{Jwt_is_expired}", exchange.Details);
    }

    [Fact]
    public async Task Apply_ClaimChangesRoute_RouteIsChosenAgain()
    {
        HttpConnectionConfig connection = Routes();
        HttpExchange exchange = Exchange(Issuer.Sign("""{"iss":"issuer","sub":"me"}"""), connection);
        Assert.Equal("rest", exchange.Match.Route?.Name);
        Assert.True(await Filter(Provider() with { ClearRouteCache = true }).ApplyAsync(exchange));
        Assert.Equal("me", exchange.Match.Route?.Name);
    }

    [Fact]
    public async Task Apply_RouteDisables_NothingIsLookedAt()
    {
        HttpConnectionConfig connection = FilterRoutes.Config(Name, new JwtRouteConfig(RequirementName: null));
        Assert.True(await Filter(Provider()).ApplyAsync(Exchange("bad", connection)));
    }

    [Fact]
    public async Task Apply_RouteNamesNoRequirement_403()
    {
        HttpConnectionConfig connection = FilterRoutes.Config(Name, new JwtRouteConfig("wrong"));
        HttpExchange exchange = Exchange(Issuer.Sign("""{"iss":"issuer"}"""), connection);
        Assert.False(await Filter(Provider()).ApplyAsync(exchange));
        Assert.Equal(403, exchange.Context.Response.StatusCode);
    }

    [Fact]
    public async Task Apply_KeysHaveToBeFetched_WaitsAndThenKnowsThem()
    {
        JwtAuthnFilter filter = Filter(Remote());
        HttpExchange exchange = Exchange(Issuer.Sign("""{"iss":"issuer","sub":"me"}"""));
        Task<bool> first = filter.ApplyAsync(exchange).AsTask();
        await _fetcher.AnswerAsync(Issuer.KeySetText);
        Assert.True(await first);
        Assert.Equal("me", exchange.Context.Request.Headers["x-sub"]);
        Assert.True(await filter.ApplyAsync(Exchange(Issuer.Sign("""{"iss":"issuer"}"""))));
        Assert.Equal(1, _fetcher.Fetches);
    }

    [Fact]
    public async Task Apply_KeysCannotBeFetched_401()
    {
        JwtAuthnFilter filter = Filter(Remote());
        HttpExchange exchange = Exchange(Issuer.Sign("""{"iss":"issuer"}"""));
        Task<bool> first = filter.ApplyAsync(exchange).AsTask();
        await _fetcher.AnswerAsync(null);
        Assert.False(await first);
        Assert.Equal("jwt_authn_access_denied{Jwks_remote_fetch_is_failed}", exchange.Details);
    }

    [Fact]
    public async Task Apply_KeysEndAndServerIsGone_KnownTokenIsRefusedToo()
    {
        JwtAuthnFilter filter = Filter(Remote());
        string token = Issuer.Sign("""{"iss":"issuer"}""");
        Task<bool> first = filter.ApplyAsync(Exchange(token)).AsTask();
        await _fetcher.AnswerAsync(Issuer.KeySetText);
        Assert.True(await first);

        _time.Advance(TimeSpan.FromMinutes(10));
        Task<bool> later = filter.ApplyAsync(Exchange(token)).AsTask();
        await _fetcher.AnswerAsync(null);
        Assert.False(await later);
    }

    [Fact]
    public async Task Apply_KeySetThatCannotBeRead_EveryTokenIsRefused()
    {
        HttpExchange exchange = Exchange(Issuer.Sign("""{"iss":"issuer"}"""));
        Assert.False(await Filter(Provider() with { InlineKeys = "nothing" }).ApplyAsync(exchange));
        Assert.Equal("jwt_authn_access_denied{Jwks_doesn't_have_any_valid_public_key}", exchange.Details);
    }

    private static JwtProviderConfig Provider() => new()
    {
        Name = "p",
        Issuer = "issuer",
        InlineKeys = Issuer.KeySetText,
        PayloadInMetadata = "payload",
        ClaimHeaders = [new ClaimHeader("x-sub", ["sub"])],
    };

    private static JwtProviderConfig Remote() => Provider() with
    {
        InlineKeys = null,
        RemoteKeys = new RemoteKeySetConfig { Uri = "http://keys.test/jwks", Cluster = "keys", Timeout = TimeSpan.FromSeconds(5) },
    };

    private static HttpConnectionConfig Routes()
    {
        var claim = new MetadataMatcher(Name, ["payload", "sub"], ValueMatcher.Text(StringMatcher.Exact("me")));
        Route[] routes =
        [
            new Route
            {
                Name = "me",
                Condition = new RouteCondition { Path = PathCondition.Prefix("/"), Metadata = [claim] },
                Action = new ForwardAction { Clusters = ClusterSelector.Single("c") },
            },
            new Route { Name = "rest", Condition = new RouteCondition { Path = PathCondition.Prefix("/") }, Action = new ForwardAction { Clusters = ClusterSelector.Single("c") } },
        ];
        return new HttpConnectionConfig
        {
            Routes = new RouteTable { Name = "t", VirtualHosts = [new VirtualHost { Name = "v", Domains = ["*"], Routes = routes }] },
            Filters = [],
        };
    }

    private JwtAuthnFilter Filter(JwtProviderConfig provider)
    {
        var config = new JwtAuthnFilterConfig(Name)
        {
            Providers = [provider],
            Rules = [new JwtRule(new RouteCondition { Path = PathCondition.Prefix("/") }, new TokenRequirement(TokenLocations.Of(provider), 0))],
        };
        return new JwtAuthnFilter(config, new ProviderKeys(config, new RemoteKeySets(_fetcher, _time, NullLogger.Instance), _time, NullLogger.Instance));
    }

    private HttpExchange Exchange(string token, HttpConnectionConfig? connection = null) => FilterRoutes.Route(new ExchangeBuilder
    {
        Config = connection ?? FilterRoutes.Config(Name, null),
        Headers = [("authorization", "Bearer " + token)],
        Time = _time,
    });
}
