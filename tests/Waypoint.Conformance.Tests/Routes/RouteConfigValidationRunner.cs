using System.Text.Json;
using Google.Protobuf;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Routes;

namespace Waypoint.Conformance.Tests.Routes;

/// <summary>Set <c>route-config-validation</c>: a RouteConfiguration that has to be accepted or refused. A feature that is only not executed yet is no reason here.</summary>
internal sealed class RouteConfigValidationRunner : IConformanceRunner
{
    public string Set => "route-config-validation";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        var expect = testCase.GetProperty("expect");
        expect.RequireOnly("accepted", "upstream_message");
        var problems = Problems(table.Config(testCase.Text("config")!), KnownClusters(testCase));
        var accepted = expect.GetProperty("accepted").GetBoolean();
        Assert.True(accepted == (problems.Count == 0), $"expected {(accepted ? "accepted" : "refused")}, problems: {string.Join('\n', problems)}");
    }

    private static List<string> Problems(JsonElement config, HashSet<string>? knownClusters)
    {
        var context = new DecodeContext("Case");
        try
        {
            RouteConfigurationDecoder.Decode(UpstreamJson.Parse<RouteConfiguration>(config), context, RouteFeatureSupport.Everything, knownClusters);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException)
        {
            return [exception.Message];
        }

        return [.. context.Problems.Select(static problem => problem.Message)];
    }

    /// <summary>Null unless the case asks for validation. Where the table does not name the clusters, there are none.</summary>
    private static HashSet<string>? KnownClusters(JsonElement testCase)
    {
        if (testCase.Find("context") is not { } context)
            return null;
        context.RequireOnly("validate_clusters", "known_clusters");
        if (context.Find("validate_clusters")?.GetBoolean() != true)
            return null;
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (context.Find("known_clusters") is { ValueKind: JsonValueKind.Array } names)
            known.UnionWith(names.EnumerateArray().Select(static name => name.GetString()!));
        return known;
    }
}
