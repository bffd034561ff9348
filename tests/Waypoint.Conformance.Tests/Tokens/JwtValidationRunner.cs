using System.Text.Json;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Model.Tokens;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;
using JwtRequirement = Waypoint.Model.Filters.JwtAuthn.JwtRequirement;

namespace Waypoint.Conformance.Tests.Tokens;

/// <summary>Set <c>jwt-validation</c>: the token filter, whole and in parts. What is evaluated is evaluated twice, the second time with the tokens of the first remembered:
/// the result must be the same.</summary>
internal sealed class JwtValidationRunner : IConformanceRunner
{
    public string Set => "jwt-validation";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        var jwtCase = new JwtCase(testCase, table);
        switch (testCase.Text("kind"))
        {
            case "authenticate":
                Authenticate(jwtCase);
                break;
            case "verify":
                Verify(jwtCase);
                break;
            case "extract":
                Extract(jwtCase);
                break;
            case "rule-match":
                MatchRule(jwtCase);
                break;
            case "combine":
                JwtCombineCase.Run(jwtCase);
                break;
            case "local-reply":
                Reply(jwtCase);
                break;
            case "preflight":
                Preflight(jwtCase);
                break;
            case "http":
                JwtHttpCase.Run(jwtCase);
                break;
            case "load-config":
                Load(jwtCase);
                break;
            default:
                Assert.Fail($"the runner does not know the kind '{testCase.Text("kind")}'");
                break;
        }
    }

    private static void Authenticate(JwtCase jwtCase)
    {
        var config = jwtCase.Config();
        var authenticator = jwtCase.Json.GetProperty("authenticator");
        authenticator.RequireOnly("provider", "allow_failed", "allow_missing");
        var provider = authenticator.Text("provider") is { } name ? config.Providers.ToList().FindIndex(candidate => candidate.Name == name) : -1;
        Evaluate(jwtCase, config, new TokenRequirement(
            TokenLocations.Of(config.Providers),
            provider < 0 ? null : provider,
            jwtCase.Json.Find("custom_audiences") is { } audiences ? new AudienceSet([.. audiences.EnumerateArray().Select(static audience => audience.GetString()!)]) : null,
            authenticator.GetProperty("allow_missing").GetBoolean(),
            authenticator.GetProperty("allow_failed").GetBoolean()));
    }

    private static void Verify(JwtCase jwtCase)
    {
        var config = jwtCase.Config();
        Evaluate(jwtCase, config, Assert.Single(config.Rules).Requirement ?? new NoRequirement());
    }

    private static void Evaluate(JwtCase jwtCase, JwtAuthnFilterConfig config, JwtRequirement requirement)
    {
        jwtCase.Expect.RequireOnly("status", "message", "headers", "headers_present", "headers_absent", "metadata", "route_cache_cleared", "jwks_fetches", "token_cached");
        var keys = new CaseProviderKeys(config, [], jwtCase.Keys());
        Once();
        if (jwtCase.Expect.Find("jwks_fetches") is { } fetches)
            Assert.Equal(fetches.GetInt32(), keys.Fetches);
        if (jwtCase.Expect.Find("token_cached") is { } cached)
        {
            var header = Assert.Single(jwtCase.Headers().Lines).Value;
            Assert.Equal(cached.GetBoolean(), keys.Find(header.AsSpan("Bearer ".Length), 0, out _) is not null);
        }

        Once();

        void Once()
        {
            var headers = jwtCase.Headers();
            var metadata = new DynamicMetadata();
            var outcome = JwtCase.Evaluate(config, requirement, keys, ref headers, metadata);
            CheckStatus(jwtCase.Expect, outcome.Status);
            CheckHeaders(jwtCase.Expect, headers);
            CheckMetadata(jwtCase.Expect, metadata);
            if (jwtCase.Expect.Find("route_cache_cleared") is { } cleared)
                Assert.Equal(cleared.GetBoolean(), outcome.ChangesRoute);
        }
    }

    private static void CheckHeaders(JsonElement expect, HeaderLines headers)
    {
        if (expect.Find("headers") is { } values)
        {
            foreach (var header in values.EnumerateObject())
                Assert.Equal(header.Value.GetString(), Assert.Single(headers.Lines, line => line.Key.Equals(header.Name, StringComparison.OrdinalIgnoreCase)).Value);
        }

        foreach (var name in expect.Find("headers_present")?.EnumerateArray() ?? default)
            Assert.Contains(headers.Lines, line => line.Key.Equals(name.GetString(), StringComparison.OrdinalIgnoreCase));
        foreach (var name in expect.Find("headers_absent")?.EnumerateArray() ?? default)
            Assert.DoesNotContain(headers.Lines, line => line.Key.Equals(name.GetString(), StringComparison.OrdinalIgnoreCase));
    }

    private static void CheckMetadata(JsonElement expect, DynamicMetadata metadata)
    {
        if (expect.Find("metadata") is not { } expected)
            return;
        var found = metadata.Get(JwtAuthnFilterConfig.MetadataName) ?? MetadataValue.Of(new Dictionary<string, MetadataValue>());
        Assert.Equal(MetadataText.Render(expected.ToMetadata()), MetadataText.Render(found));
    }

    private static void Extract(JwtCase jwtCase)
    {
        jwtCase.Expect.RequireOnly("tokens", "headers_absent_after_removing_first", "query_params_absent_after_removing_first");
        var headers = jwtCase.Headers();
        var found = new FoundToken[TokenLocations.MaxTokens];
        var count = TokenLocations.Of(jwtCase.Config().Providers).Extract(headers, found);
        var expected = jwtCase.Expect.GetProperty("tokens").EnumerateArray().ToArray();
        Assert.Equal(expected.Select(token => jwtCase.Text(token.Text("token")!)), found[..count].Select(static token => token.Text.ToString()));
        foreach (var (token, location) in expected.Zip(found[..count].Select(static token => token.Location)))
        {
            token.RequireOnly("token", "issuers_allowed", "issuers_not_allowed");
            foreach (var issuer in token.Find("issuers_allowed")?.EnumerateArray() ?? default)
                Assert.True(location.AllowsIssuer(issuer.GetString()!), $"{location} must take {issuer}");
            foreach (var issuer in token.Find("issuers_not_allowed")?.EnumerateArray() ?? default)
                Assert.False(location.AllowsIssuer(issuer.GetString()!), $"{location} must not take {issuer}");
        }

        if (count == 0)
            return;
        found[0].Location.Remove(ref headers);
        foreach (var name in jwtCase.Expect.Find("headers_absent_after_removing_first")?.EnumerateArray() ?? default)
            Assert.DoesNotContain(headers.Lines, line => line.Key.Equals(name.GetString(), StringComparison.OrdinalIgnoreCase));
        foreach (var name in jwtCase.Expect.Find("query_params_absent_after_removing_first")?.EnumerateArray() ?? default)
            Assert.DoesNotContain($"{name.GetString()}=", headers.Get(":path", 0), StringComparison.Ordinal);
    }

    private static void MatchRule(JwtCase jwtCase)
    {
        jwtCase.Expect.RequireOnly("match");
        var message = new JwtAuthentication();
        message.Rules.Add(UpstreamJson.Parse<RequirementRule>(jwtCase.Json.GetProperty("rule")));
        var context = new DecodeContext("Case");
        var rule = Assert.Single(JwtAuthnDecoder.Decode("jwt", message, context).Rules);
        Assert.Empty(context.Problems);
        var query = Query(jwtCase.Headers());
        Assert.Equal(jwtCase.Expect.GetProperty("match").GetBoolean(), rule.Condition.Matches(query, PathMatcher.WithoutQuery(query.Path)));
    }

    internal static RouteQuery<HeaderLines> Query(HeaderLines headers) => new()
    {
        Headers = headers,
        Method = headers.Count(":method") > 0 ? headers.Get(":method", 0) : "GET",
        Scheme = "http",
        Authority = headers.Count(":authority") > 0 ? headers.Get(":authority", 0) : null,
        Path = headers.Count(":path") > 0 ? headers.Get(":path", 0) : null,
    };

    private static void Reply(JwtCase jwtCase)
    {
        jwtCase.Expect.RequireOnly("http_status", "http_status_denied", "response_code_details");
        var reply = jwtCase.Json.Text("per_route_error") is { } problem
            ? JwtReply.OfRoute(problem, stripped: false)
            : JwtReply.Of(Enum.Parse<JwtStatus>(jwtCase.Json.Text("status")!), stripped: false, "http", "host", "/");
        if (jwtCase.Expect.Find("http_status") is { } status)
            Assert.Equal(status.GetInt32(), reply.Status);
        if (jwtCase.Expect.Find("http_status_denied") is not null)
            Assert.InRange(reply.Status, 401, 403);
        Assert.Equal(jwtCase.Expect.Text("response_code_details"), reply.Details);
    }

    private static void Preflight(JwtCase jwtCase)
    {
        jwtCase.Expect.RequireOnly("bypassed_as_preflight");
        var config = new JwtAuthnFilterConfig("jwt") { Providers = [], BypassCorsPreflight = jwtCase.Json.GetProperty("bypass_cors_preflight").GetBoolean() };
        var headers = jwtCase.Headers();
        Assert.Equal(jwtCase.Expect.GetProperty("bypassed_as_preflight").GetBoolean(), config.IsBypassed(headers.Get(":method", 0), headers));
    }

    private static void Load(JwtCase jwtCase)
    {
        jwtCase.Expect.RequireOnly("rejected");
        var context = new DecodeContext("Case");
        jwtCase.Config(context);
        Assert.Equal(jwtCase.Expect.GetProperty("rejected").GetBoolean(), context.HasProblems);
    }

    private static void CheckStatus(JsonElement expect, JwtStatus status)
    {
        Assert.Equal(expect.Text("status"), status.ToString());
        if (expect.Text("message") is { } message)
            Assert.Equal(message, JwtStatusText.Of(status));
    }
}
