using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Authorization;
using Waypoint.Protos.Envoy.Config.Rbac.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Authorization;
using HttpRbac = Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;

namespace Waypoint.Xds.Tests.Decoding.Authorization.Fuzzing;

/// <summary>Random policies and random requests: decoder and evaluator together must say what the slow reference says, policy by name, and throw nothing.
/// WAYPOINT_FUZZ_SECONDS makes a run longer, WAYPOINT_FUZZ_SEED repeats one.</summary>
public sealed class RbacFuzzTests(ITestOutputHelper output)
{
    private const int RequestsPerConfiguration = 200;

    private readonly int _seed = Number("WAYPOINT_FUZZ_SEED") ?? Random.Shared.Next();
    private readonly TimeSpan _time = TimeSpan.FromSeconds(Number("WAYPOINT_FUZZ_SECONDS") ?? 3);

    [Fact]
    public void Evaluate_RandomPoliciesAndRequests_SameAsTheSlowReference()
    {
        var generator = new RbacGenerator(new Random(_seed));
        long begun = Stopwatch.GetTimestamp();
        long decisions = 0, denied = 0;
        while (Stopwatch.GetElapsedTime(begun) < _time)
        {
            RBAC rules = generator.Rules();
            var context = new DecodeContext("Case");
            RbacRules decoded = RbacDecoder.DecodeHttp("rbac", Any.Pack(new HttpRbac { Rules = rules }), context)!.Rules;
            Assert.True(!context.HasProblems, $"seed {_seed}: {string.Join("; ", context.Problems)} in {rules}");
            for (int i = 0; i < RequestsPerConfiguration; i++, decisions++)
            {
                FuzzRequest request = generator.Request();
                RbacVerdict verdict = decoded.Evaluate(new FuzzRequest.View(request)).Enforced!.Value;
                bool expected = SlowRbac.Allows(rules, request);
                string what = $"seed {_seed}, decision {decisions}: {request} with {rules}";
                Assert.True(expected == verdict.Allowed, $"{(verdict.Allowed ? "a deny became an allow" : "an allow became a deny")}: {what}");
                Assert.True(SlowRbac.PolicyOf(rules, request) == verdict.Policy, $"another policy is named: {what}");
                denied += expected ? 0 : 1;
            }
        }

        output.WriteLine($"seed {_seed}: {decisions} decisions, {denied} denied");
        Assert.True(denied > 0 && denied < decisions, "the generator makes only one kind of answer");
    }

    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : null;
}
