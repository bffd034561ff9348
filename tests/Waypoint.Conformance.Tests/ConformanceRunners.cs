using Waypoint.Conformance.Tests.Authorization;
using Waypoint.Conformance.Tests.LoadBalancing;
using Waypoint.Conformance.Tests.Matchers;
using Waypoint.Conformance.Tests.Outliers;
using Waypoint.Conformance.Tests.Paths;
using Waypoint.Conformance.Tests.Routes;

namespace Waypoint.Conformance.Tests;

/// <summary>The runners, and the sets that wait for one.</summary>
internal static class ConformanceRunners
{
    private static readonly IConformanceRunner[] Runners =
    [
        new MatchersRunner(),
        new RouteMatchingRunner(),
        new RouteConfigValidationRunner(),
        new RbacEvaluationRunner(),
        new PathNormalizationRunner(),
        new HashingRunner(),
        new OutlierDetectionRunner(),
    ];

    /// <summary>Sets without a runner. Whoever implements one takes its line away.</summary>
    internal static IReadOnlyCollection<string> NotYetImplementedSets { get; } =
    [
        "edge-headers",
        "format-strings",
        "gateway-api-mesh-conformance",
        "gateway-api-route-conformance",
        "grpc-mapping",
        "header-mutation",
        "http-utilities",
        "http1-wire",
        "istio-authorization",
        "istio-request-authentication",
        "jwt-crypto",
        "jwt-validation",
        "response-flags",
        "retry-policy",
        "virtualservice-routing",
        "virtualservice-translation",
        "waypoint-behaviour",
    ];

    internal static IConformanceRunner? Find(string set) => Array.Find(Runners, runner => runner.Set == set);
}
