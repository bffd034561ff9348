using System.Text.Json;
using Waypoint.Conformance.Tests.Routes;
using Waypoint.Model.Headers;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;
using Waypoint.Xds.Decoding.Routes;
using Mutation = Waypoint.Protos.Envoy.Config.Common.MutationRules.V3.HeaderMutation;

namespace Waypoint.Conformance.Tests.Headers;

/// <summary>Set <c>header-mutation</c>: what configured additions and removals make of headers.</summary>
internal sealed class HeaderMutationRunner : IConformanceRunner
{
    public string Set => "header-mutation";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        switch (testCase.Text("kind"))
        {
            case "route_config":
                RunRoute(testCase, table);
                break;
            case "mutations":
                RunMutations(testCase);
                break;
            default:
                Assert.Fail($"the runner does not know kind '{testCase.Text("kind")}'");
                break;
        }
    }

    private static void RunRoute(JsonElement testCase, ConformanceTable table)
    {
        var request = new CaseRequest(testCase);
        var context = new DecodeContext("Case");
        var routes = RouteConfigurationDecoder.Decode(
            UpstreamJson.Parse<RouteConfiguration>(table.Config(testCase.Text("config")!)), context, RouteFeatureSupport.Everything);
        Assert.Empty(context.Problems);
        var match = routes.Match(request.Query);
        var action = Assert.IsType<ForwardAction>(match.Route?.Action);
        var expect = testCase.GetProperty("expect");
        expect.RequireOnly("outcome", "cluster", "upstream_request", "downstream_response");
        var choice = Choose(action, request, expect, testCase);
        var values = new CaseFormatValues(request.Query.Headers);
        if (expect.Find("upstream_request") is { } upstream)
        {
            var headers = request.CopyHeaders();
            match.EditRequest(ref headers, choice, values, suppressEnvoyHeaders: false);
            AssertHeaders(headers, upstream);
        }

        if (expect.Find("downstream_response") is { } downstream)
        {
            var headers = new HeaderLines(testCase.GetProperty("upstream_response_headers").HeaderPairs());
            match.EditResponse(ref headers, choice, values);
            AssertHeaders(headers, downstream);
        }
    }

    /// <summary>The cluster that the case is about; where it names none, the one whose mark it expects.</summary>
    private static ClusterChoice Choose(ForwardAction action, CaseRequest request, JsonElement expect, JsonElement testCase)
    {
        var wanted = expect.Text("cluster") ?? testCase.Text("cluster")
            ?? expect.Find("downstream_response")?.Find("headers_first_value")?.Text("x-resp-cluster")
            ?? expect.Find("upstream_request")?.Find("headers_first_value")?.Text("x-req-cluster");
        var first = action.SelectCluster(testCase.Number("random_value") ?? 0, request.Query.Headers);
        for (ulong random = 0; random < 100; random++)
        {
            var choice = action.SelectCluster(random, request.Query.Headers);
            if (choice.Cluster == wanted)
                return choice;
        }

        return first;
    }

    private static void AssertHeaders(HeaderLines headers, JsonElement expect)
    {
        expect.RequireOnly("headers_first_value", "headers_absent", "headers_present", "authority");
        foreach (var value in expect.Find("headers_first_value")?.EnumerateObject() ?? default)
            Assert.Equal(value.Value.GetString(), headers.Count(value.Name) > 0 ? headers.Get(value.Name, 0) : null);
        foreach (var name in expect.Find("headers_absent")?.EnumerateArray() ?? default)
            Assert.Equal(0, headers.Count(name.GetString()!));
        foreach (var name in expect.Find("headers_present")?.EnumerateArray() ?? default)
            Assert.True(headers.Count(name.GetString()!) > 0, $"{name} is not there");
        if (expect.Text("authority") is { } authority)
            Assert.Equal(authority, headers.Get(HeaderNames.Authority, 0));
    }

    private static void RunMutations(JsonElement testCase)
    {
        var expect = testCase.GetProperty("expect");
        expect.RequireOnly("headers", "absent", "config_rejected", "upstream_message");
        var context = new DecodeContext("Case");
        var headers = new HeaderLines(testCase.GetProperty("input").GetProperty("headers").HeaderPairs());
        var values = new CaseFormatValues(new HeaderLines(headers.Lines));
        if (IsSequence(testCase))
            ReadSequence(testCase, context).Apply(ref headers, values);
        else
            ReadEdits(testCase, context).Apply(ref headers, values);

        var rejected = expect.Find("config_rejected")?.GetBoolean() ?? false;
        Assert.True(rejected == context.HasProblems, string.Join('\n', context.Problems));
        foreach (var header in expect.Find("headers")?.EnumerateObject() ?? default)
        {
            var found = Enumerable.Range(0, headers.Count(header.Name)).Select(i => headers.Get(header.Name, i));
            Assert.Equal(header.Value.EnumerateArray().Select(static value => value.GetString()), found);
        }

        foreach (var name in expect.Find("absent")?.EnumerateArray() ?? default)
            Assert.Equal(0, headers.Count(name.GetString()!));
    }

    /// <summary>A list of mutations, as the filter has it, is applied one by one; the older pair of fields removes first. The table tells them apart by their feature.</summary>
    private static bool IsSequence(JsonElement testCase) => testCase.GetProperty("feature").EnumerateArray()
        .Any(static feature => feature.GetString()!.StartsWith("mutation-list", StringComparison.Ordinal) || feature.GetString() == "keep-empty-value");

    private static HeaderMutationList ReadSequence(JsonElement testCase, DecodeContext context)
    {
        var messages = testCase.GetProperty("mutations").EnumerateArray().Select(static item =>
        {
            item.RequireOnly("add", "remove", "remove_on_match");
            var message = new Mutation();
            if (item.Find("add") is { } add)
                message.Append = UpstreamJson.Parse<HeaderValueOption>(add);
            if (item.Text("remove") is { } name)
                message.Remove = name;
            if (item.Find("remove_on_match") is { } match)
                message.RemoveOnMatch = UpstreamJson.Parse<Mutation.Types.RemoveOnMatch>(match);
            return message;
        });
        return HeaderMutationDecoder.DecodeList([.. messages], "mutations", context);
    }

    private static HeaderEdits ReadEdits(JsonElement testCase, DecodeContext context)
    {
        var message = new RouteConfiguration();
        foreach (var item in testCase.GetProperty("mutations").EnumerateArray())
        {
            item.RequireOnly("add", "remove");
            if (item.Find("add") is { } add)
                message.RequestHeadersToAdd.Add(UpstreamJson.Parse<HeaderValueOption>(add));
            if (item.Text("remove") is { } name)
                message.RequestHeadersToRemove.Add(name);
        }

        return HeaderEditsDecoder.DecodeRequest(message.RequestHeadersToAdd, message.RequestHeadersToRemove, context);
    }
}
