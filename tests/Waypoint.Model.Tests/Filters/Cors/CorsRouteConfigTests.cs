using Waypoint.Model.Filters.Cors;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Tests.Filters.Cors;

public sealed class CorsRouteConfigTests
{
    private const string Origin = "https://app.example";

    private static readonly CorsRouteConfig Policy = new()
    {
        AllowedOrigins = [StringMatcher.Exact(Origin), StringMatcher.Suffix(".team.example")],
        AllowMethods = "GET,PUT",
        AllowHeaders = "x-cart-id",
        ExposeHeaders = "x-total",
        MaxAge = "600",
        AllowCredentials = true,
    };

    [Theory]
    [InlineData("GET", Origin, null, true, CorsOutcome.MarkResponse)]
    [InlineData("GET", "https://a.team.example", null, true, CorsOutcome.MarkResponse)]
    [InlineData("GET", "https://APP.example", null, true, CorsOutcome.Pass)]
    [InlineData("GET", "", null, true, CorsOutcome.Pass)]
    [InlineData("GET", null, null, true, CorsOutcome.Pass)]
    [InlineData("GET", Origin, "PUT", true, CorsOutcome.MarkResponse)]
    [InlineData("OPTIONS", Origin, null, true, CorsOutcome.MarkResponse)]
    [InlineData("OPTIONS", Origin, "", true, CorsOutcome.MarkResponse)]
    [InlineData("OPTIONS", Origin, "DELETE", true, CorsOutcome.AnswerPreflight)]
    [InlineData("OPTIONS", "https://evil.example", "PUT", true, CorsOutcome.Pass)]
    [InlineData("OPTIONS", "https://evil.example", "PUT", false, CorsOutcome.AnswerEmpty)]
    [InlineData("OPTIONS", "https://evil.example", null, false, CorsOutcome.Pass)]
    [InlineData("OPTIONS", null, "PUT", false, CorsOutcome.Pass)]
    public void Decide_MethodAndOrigin_Outcome(string method, string? origin, string? requestedMethod, bool forwardUnmatched, CorsOutcome outcome)
    {
        CorsRouteConfig policy = Policy with { ForwardNotMatchingPreflights = forwardUnmatched };
        Assert.Equal(outcome, policy.Decide(method, Request(origin, requestedMethod), 0).Outcome);
    }

    [Fact]
    public void Decide_StarMatcher_FitsEveryOrigin()
    {
        var policy = new CorsRouteConfig { AllowedOrigins = [StringMatcher.Exact("*")] };
        Assert.Equal(Origin, policy.Decide("GET", Request(Origin, null), 0).Origin);
    }

    [Fact]
    public void Decide_TwoOriginLines_AreOneOriginThatFitsNothing()
    {
        HeaderLines request = Request(Origin, null);
        request.Append("origin", "https://evil.example");
        Assert.Equal(CorsOutcome.Pass, Policy.Decide("GET", request, 0).Outcome);
    }

    [Theory]
    [InlineData(29UL, CorsOutcome.MarkResponse)]
    [InlineData(30UL, CorsOutcome.Pass)]
    public void Decide_EnabledForAShare_RestPasses(ulong randomValue, CorsOutcome outcome)
    {
        CorsRouteConfig policy = Policy with { Enabled = new RuntimeFraction(new Fraction(30, 100), "") };
        Assert.Equal(outcome, policy.Decide("GET", Request(Origin, null), randomValue).Outcome);
    }

    [Fact]
    public void MarkResponse_UpstreamSetAHeader_IsReplaced()
    {
        var response = new HeaderLines([new("access-control-allow-origin", "*")]);
        Policy.MarkResponse(ref response, Policy.Decide("GET", Request(Origin, null), 0));
        Assert.Equal(
            [
                new("access-control-allow-origin", Origin),
                new("access-control-allow-credentials", "true"),
                new KeyValuePair<string, string>("access-control-expose-headers", "x-total"),
            ],
            response.Lines);
    }

    [Fact]
    public void MarkPreflight_FullPolicy_AllHeaders()
    {
        var response = new HeaderLines();
        Policy.MarkPreflight(ref response, Policy.Decide("OPTIONS", Request(Origin, "PUT"), 0));
        Assert.Equal(
            [
                new("access-control-allow-origin", Origin),
                new("access-control-allow-credentials", "true"),
                new("access-control-expose-headers", "x-total"),
                new("access-control-allow-methods", "GET,PUT"),
                new("access-control-allow-headers", "x-cart-id"),
                new KeyValuePair<string, string>("access-control-max-age", "600"),
            ],
            response.Lines);
    }

    [Fact]
    public void MarkPreflight_NothingConfigured_OriginOnly()
    {
        var policy = new CorsRouteConfig { AllowedOrigins = [StringMatcher.Exact(Origin)] };
        var response = new HeaderLines();
        policy.MarkPreflight(ref response, policy.Decide("OPTIONS", Request(Origin, "PUT"), 0));
        Assert.Equal([new KeyValuePair<string, string>("access-control-allow-origin", Origin)], response.Lines);
    }

    [Theory]
    [InlineData(true, "true", 1)]
    [InlineData(true, "false", 0)]
    [InlineData(false, "true", 0)]
    public void MarkPreflight_PrivateNetwork_OnlyIfAskedForAndAllowed(bool allowed, string asked, int lines)
    {
        CorsRouteConfig policy = Policy with { AllowPrivateNetwork = allowed };
        HeaderLines request = Request(Origin, "GET");
        request.Append("access-control-request-private-network", asked);
        var response = new HeaderLines();
        policy.MarkPreflight(ref response, policy.Decide("OPTIONS", request, 0));
        Assert.Equal(lines, response.Count("access-control-allow-private-network"));
    }

    private static HeaderLines Request(string? origin, string? requestedMethod)
    {
        var headers = new HeaderLines();
        if (origin is not null)
            headers.Append("origin", origin);
        if (requestedMethod is not null)
            headers.Append("access-control-request-method", requestedMethod);
        return headers;
    }
}
