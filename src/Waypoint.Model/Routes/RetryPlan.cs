using System.Globalization;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;

namespace Waypoint.Model.Routes;

/// <summary>The retry policy of one request: the route's, changed by control headers. Who may set those is decided before: hygiene removes them from strangers' requests,
/// so here they come from trusted peers, routes and filters.</summary>
public readonly struct RetryPlan
{
    private const string On = "x-envoy-retry-on";
    private const string GrpcOn = "x-envoy-retry-grpc-on";
    private const string Retries = "x-envoy-max-retries";
    private const string StatusCodes = "x-envoy-retriable-status-codes";
    private const string HeaderNamesHeader = "x-envoy-retriable-header-names";

    private static readonly string[] ControlHeaders =
        [On, GrpcOn, Retries, StatusCodes, HeaderNamesHeader, "x-envoy-hedge-on-per-try-timeout", RequestTimeouts.PerTryHeader];

    private RetryPlan(RetryPolicyConfig policy, RetryOn on, int maxRetries, IReadOnlyList<int> codes, IReadOnlyList<HeaderMatcher> headers)
    {
        Policy = policy;
        RetryOn = on;
        MaxRetries = maxRetries;
        RetriableStatusCodes = codes;
        RetriableHeaders = headers;
    }

    /// <summary>The policy behind it; <see cref="RetryPolicyConfig.None"/> if control headers alone ask for retries.</summary>
    public RetryPolicyConfig Policy { get; }

    /// <summary>What is retried; <see cref="RetryOn.None"/>: nothing.</summary>
    public RetryOn RetryOn { get; }

    /// <summary>Tries after the first.</summary>
    public int MaxRetries { get; }

    /// <summary>For <see cref="RetryOn.RetriableStatusCodes"/>.</summary>
    public IReadOnlyList<int> RetriableStatusCodes { get; }

    /// <summary>For <see cref="RetryOn.RetriableHeaders"/>.</summary>
    public IReadOnlyList<HeaderMatcher> RetriableHeaders { get; }

    /// <summary>The plan of a request without control headers; null without a policy that retries anything. Does not allocate.</summary>
    public static RetryPlan? Of<THeaders>(RetryPolicyConfig? policy, in THeaders headers)
        where THeaders : struct, IHeaderView =>
        policy is null || policy.RetryOn == RetryOn.None
            ? null
            : new RetryPlan(policy, Eligible(policy, policy.RetryOn, headers), policy.MaxRetries, policy.RetriableStatusCodes, policy.RetriableHeaders);

    /// <summary>The plan of a request that may have control headers, which are removed from it; null if nothing asks for retries.</summary>
    public static RetryPlan? Take<THeaders>(RetryPolicyConfig? policy, ref THeaders headers)
        where THeaders : struct, IMutableHeaders
    {
        RetryPlan? plan = null;
        if (headers.Count(On) > 0 || headers.Count(GrpcOn) > 0 || policy is { RetryOn: not RetryOn.None })
            plan = Merge(policy ?? RetryPolicyConfig.None, headers);
        foreach (var name in ControlHeaders)
            headers.Remove(name);
        return plan;
    }

    private static RetryPlan Merge<THeaders>(RetryPolicyConfig policy, in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        var on = policy.RetryOn | RetryConditions.ParseHttp(First(headers, On), out _) | RetryConditions.ParseGrpc(First(headers, GrpcOn), out _);
        on = Eligible(policy, on, headers);
        var max = on != RetryOn.None && uint.TryParse(First(headers, Retries), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            ? (int)Math.Min(wanted, int.MaxValue)
            : policy.MaxRetries;
        return new RetryPlan(policy, on, max, WithCodes(policy, First(headers, StatusCodes)), WithHeaders(policy, First(headers, HeaderNamesHeader)));
    }

    /// <summary><c>retriable_request_headers</c> exclude requests from all retries.</summary>
    private static RetryOn Eligible<THeaders>(RetryPolicyConfig policy, RetryOn on, in THeaders headers)
        where THeaders : struct, IHeaderView
    {
        if (policy.RetriableRequestHeaders.Count == 0)
            return on;
        foreach (var matcher in policy.RetriableRequestHeaders)
        {
            if (matcher.Matches(headers))
                return on;
        }

        return RetryOn.None;
    }

    private static IReadOnlyList<int> WithCodes(RetryPolicyConfig policy, string? text)
    {
        if (text is null)
            return policy.RetriableStatusCodes;
        var codes = new List<int>(policy.RetriableStatusCodes);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                codes.Add(code);
        }

        return codes;
    }

    private static IReadOnlyList<HeaderMatcher> WithHeaders(RetryPolicyConfig policy, string? text)
    {
        if (text is null)
            return policy.RetriableHeaders;
        // Headers are asked for in lower case.
#pragma warning disable CA1308
        return [.. policy.RetriableHeaders, .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static name => HeaderMatcher.Present(name.ToLowerInvariant()))];
#pragma warning restore CA1308
    }

    private static string? First<THeaders>(in THeaders headers, string name)
        where THeaders : struct, IHeaderView => headers.Count(name) > 0 ? headers.Get(name, 0) : null;
}
