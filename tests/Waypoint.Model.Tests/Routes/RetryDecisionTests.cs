using Waypoint.Model.Failures;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;

namespace Waypoint.Model.Tests.Routes;

public sealed class RetryDecisionTests
{
    /// <summary>What istiod sends unless told otherwise.</summary>
    private static readonly RetryPolicyConfig Default = new()
    {
        RetryOn = RetryOn.ConnectFailure | RetryOn.RefusedStream | RetryOn.GrpcUnavailable | RetryOn.GrpcCancelled | RetryOn.RetriableStatusCodes,
        MaxRetries = 2,
    };

    [Theory]
    [InlineData(FailureReason.ConnectFailure, true)]
    [InlineData(FailureReason.ConnectTimeout, true)]
    [InlineData(FailureReason.TunnelRefused, true)]
    [InlineData(FailureReason.UpstreamRefusedStream, true)]
    [InlineData(FailureReason.UpstreamReset, false)]
    [InlineData(FailureReason.UpstreamClosed, false)]
    [InlineData(FailureReason.PerTryTimeout, false)]
    [InlineData(FailureReason.RouteTimeout, false)]
    [InlineData(FailureReason.Overflow, false)]
    [InlineData(FailureReason.ClientGone, false)]
    public void WantsRetry_DefaultPolicyAfterFailure_OnlyWhatNoServerSaw(FailureReason failure, bool expected) =>
        Assert.Equal(expected, RetryDecision.WantsRetry(Plan(Default), new AttemptResult(failure, 0, RequestStarted: true), new HeaderLines()));

    [Theory]
    [InlineData("14", true)]
    [InlineData("1", true)]
    [InlineData("13", false)]
    [InlineData("x", false)]
    public void WantsRetry_DefaultPolicyAfterGrpcStatus_UnavailableAndCancelled(string status, bool expected) =>
        Assert.Equal(expected, AfterResponse(Default, 200, ("grpc-status", status)));

    [Fact]
    public void WantsRetry_DefaultPolicyAfter503_StatusListIsEmpty() => Assert.False(AfterResponse(Default, 503));

    [Theory]
    [InlineData(RetryOn.ServerError, 500, true)]
    [InlineData(RetryOn.ServerError, 499, false)]
    [InlineData(RetryOn.GatewayError, 502, true)]
    [InlineData(RetryOn.GatewayError, 500, false)]
    [InlineData(RetryOn.Retriable4xx, 409, true)]
    [InlineData(RetryOn.RetriableStatusCodes, 418, true)]
    [InlineData(RetryOn.None, 503, false)]
    public void WantsRetry_Status_AsTheConditionSays(RetryOn condition, int status, bool expected) =>
        Assert.Equal(expected, AfterResponse(new RetryPolicyConfig { RetryOn = condition, RetriableStatusCodes = [418] }, status));

    [Theory]
    [InlineData(RetryOn.ServerError)]
    [InlineData(RetryOn.GatewayError)]
    [InlineData(RetryOn.Reset)]
    public void WantsRetry_NoResponse_CountsAsServerError(RetryOn condition) =>
        Assert.True(RetryDecision.WantsRetry(Plan(new RetryPolicyConfig { RetryOn = condition }), new AttemptResult(FailureReason.PerTryTimeout, 0, true), new HeaderLines()));

    [Fact]
    public void WantsRetry_ResetBeforeRequest_OnlyIfNothingWasSent()
    {
        var policy = Plan(new RetryPolicyConfig { RetryOn = RetryOn.ResetBeforeRequest });
        Assert.True(RetryDecision.WantsRetry(policy, new AttemptResult(FailureReason.UpstreamClosed, 0, RequestStarted: false), new HeaderLines()));
        Assert.False(RetryDecision.WantsRetry(policy, new AttemptResult(FailureReason.UpstreamClosed, 0, RequestStarted: true), new HeaderLines()));
    }

    [Fact]
    public void WantsRetry_RateLimitedByUpstreamEnvoy_OnlyItsOwnConditionCounts()
    {
        Assert.False(AfterResponse(new RetryPolicyConfig { RetryOn = RetryOn.ServerError }, 503, ("x-envoy-ratelimited", "true")));
        Assert.True(AfterResponse(new RetryPolicyConfig { RetryOn = RetryOn.EnvoyRateLimited }, 429, ("x-envoy-ratelimited", "true")));
    }

    [Fact]
    public void WantsRetry_ResponseForwarded_Never() => Assert.False(RetryDecision.WantsRetry(
        Plan(new RetryPolicyConfig { RetryOn = RetryOn.Reset }), new AttemptResult(FailureReason.UpstreamReset, 0, true, ResponseForwarded: true), new HeaderLines()));

    [Theory]
    [InlineData(null, RetryOn.None)]
    [InlineData("x-again", RetryOn.ServerError)]
    public void Of_RequestHeaderConditions_OneHasToFit(string? header, RetryOn expected)
    {
        var policy = new RetryPolicyConfig { RetryOn = RetryOn.ServerError, RetriableRequestHeaders = [HeaderMatcher.Present("x-retry"), HeaderMatcher.Present("x-again")] };
        var headers = header is null ? new HeaderLines() : new HeaderLines([KeyValuePair.Create(header, "1")]);
        Assert.Equal(expected, RetryPlan.Of(policy, headers)!.Value.RetryOn);
    }

    [Fact]
    public void Take_ControlHeaders_AddToThePolicyAndGo()
    {
        var headers = new HeaderLines([KeyValuePair.Create("x-envoy-retry-on", "5xx"), KeyValuePair.Create("x-envoy-max-retries", "7"), KeyValuePair.Create("x-other", "1")]);
        var plan = RetryPlan.Take(Default, ref headers)!.Value;
        Assert.Equal((Default.RetryOn | RetryOn.ServerError, 7), (plan.RetryOn, plan.MaxRetries));
        Assert.Equal(["x-other"], headers.Lines.Select(static line => line.Key));
    }

    [Theory]
    [InlineData(true, 1, 0, 3u, RetryVerdict.Retry)]
    [InlineData(true, 0, 0, 3u, RetryVerdict.LimitExceeded)]
    [InlineData(true, 1, 3, 3u, RetryVerdict.Overflow)]
    [InlineData(false, 1, 0, 3u, RetryVerdict.NoRetry)]
    public void Decide_WantsLeftAndSlots_Verdict(bool wants, int left, long active, uint allowed, RetryVerdict expected) =>
        Assert.Equal(expected, RetryDecision.Decide(wants, left, active, allowed));

    [Theory]
    [InlineData(1, 25)]
    [InlineData(2, 50)]
    [InlineData(4, 200)]
    [InlineData(5, 250)]
    [InlineData(1000, 250)]
    public void BackOff_LargestDraw_DoublesUpToTheMaximum(int retry, int boundMilliseconds)
    {
        var bound = TimeSpan.FromMilliseconds(boundMilliseconds);
        Assert.Equal(bound - TimeSpan.FromMilliseconds(1), RetryDecision.BackOff(Default, retry, (ulong)boundMilliseconds - 1));
        Assert.Equal(TimeSpan.Zero, RetryDecision.BackOff(Default, retry, (ulong)boundMilliseconds));
    }

    private static RetryPlan Plan(RetryPolicyConfig policy) => RetryPlan.Of(policy, new HeaderLines())!.Value;

    private static bool AfterResponse(RetryPolicyConfig policy, int status, params (string Name, string Value)[] headers) =>
        policy.RetryOn != RetryOn.None && RetryDecision.WantsRetry(Plan(policy), new AttemptResult(FailureReason.None, status, true), new HeaderLines(headers.Select(static header => KeyValuePair.Create(header.Name, header.Value))));
}
