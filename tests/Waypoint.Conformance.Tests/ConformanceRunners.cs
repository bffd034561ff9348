using Waypoint.Conformance.Tests.Authorization;
using Waypoint.Conformance.Tests.Failures;
using Waypoint.Conformance.Tests.Formatting;
using Waypoint.Conformance.Tests.Grpc;
using Waypoint.Conformance.Tests.Headers;
using Waypoint.Conformance.Tests.LoadBalancing;
using Waypoint.Conformance.Tests.Matchers;
using Waypoint.Conformance.Tests.Outliers;
using Waypoint.Conformance.Tests.Paths;
using Waypoint.Conformance.Tests.Requests;
using Waypoint.Conformance.Tests.Routes;
using Waypoint.Conformance.Tests.Tokens;
using Waypoint.Conformance.Tests.Wire;

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
        new HeaderMutationRunner(),
        new FormatStringsRunner(),
        new RetryPolicyRunner(),
        new GrpcMappingRunner(),
        new ResponseFlagsRunner(),
        new HttpTextRunner(),
        new EdgeHeadersRunner(),
        new Http1WireRunner(),
        new JwtCryptoRunner(),
        new JwtValidationRunner(),
    ];

    /// <summary>Sets without a runner. Whoever implements one takes its line away.</summary>
    internal static IReadOnlyCollection<string> NotYetImplementedSets { get; } =
    [
        "gateway-api-mesh-conformance",
        "gateway-api-route-conformance",
        "istio-authorization",
        // Kubernetes objects of Istio's own tests: no recording holds what istiod makes of them; waits for the embedded control plane.
        "istio-request-authentication",
        "virtualservice-routing",
        "virtualservice-translation",
        "waypoint-behaviour",
    ];

    internal static IConformanceRunner? Find(string set) => Array.Find(Runners, runner => runner.Set == set);
}
