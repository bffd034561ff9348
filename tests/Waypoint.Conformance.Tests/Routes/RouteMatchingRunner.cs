using System.Text;
using System.Text.Json;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Routes;
using DirectResponseAction = Waypoint.Model.Routes.DirectResponseAction;
using RedirectAction = Waypoint.Model.Routes.RedirectAction;
using RouteMatch = Waypoint.Model.Routes.RouteMatch;

namespace Waypoint.Conformance.Tests.Routes;

/// <summary>Set <c>route-matching</c>: which route a request gets, and what becomes of the request.</summary>
internal sealed class RouteMatchingRunner : IConformanceRunner
{
    public string Set => "route-matching";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        var request = new CaseRequest(testCase);
        var match = Decode(table.Config(testCase.Text("config")!)).Match(request.Query);
        var expect = testCase.GetProperty("expect");
        expect.RequireOnly("outcome", "cluster", "virtual_host", "virtual_cluster", "route_name", "route_policy", "location", "status", "body",
            "upstream_request", "upstream_request_with_envoy_headers_suppressed");
        switch (expect.Text("outcome"))
        {
            case "no_route":
                Assert.Null(match.Route);
                return;
            case "forward" or "route_found":
                Assert.IsType<ForwardAction>(match.Route?.Action);
                break;
            case "redirect":
                AssertRedirect(match, request, expect);
                break;
            case "direct_response":
                AssertDirectResponse(match, expect);
                break;
            case "not_forwarded":
                Assert.IsNotType<ForwardAction>(match.Route?.Action);
                if (expect.Find("location") is not null)
                    AssertRedirect(match, request, expect);
                break;
            default:
                Assert.Fail($"the runner does not know outcome '{expect.Text("outcome")}'");
                break;
        }

        AssertNames(match, request, expect);
        if (expect.Find("route_policy") is { } policy)
            RoutePolicyAssertions.Check(match, policy);
        if (match.Route!.Action is ForwardAction action)
            AssertForwarded(match, action, request, expect);
    }

    private static RouteTable Decode(JsonElement config)
    {
        var context = new DecodeContext("Case");
        var table = RouteConfigurationDecoder.Decode(UpstreamJson.Parse<RouteConfiguration>(config), context, RouteFeatureSupport.Everything);
        Assert.Empty(context.Problems);
        return table;
    }

    private static void AssertNames(RouteMatch match, CaseRequest request, JsonElement expect)
    {
        if (expect.Text("virtual_host") is { } virtualHost)
            Assert.Equal(virtualHost, match.VirtualHost!.Name);
        if (expect.Text("virtual_cluster") is { } virtualCluster)
            Assert.Equal(virtualCluster, match.VirtualHost!.FindVirtualCluster(request.Query.Headers));
        if (expect.Text("route_name") is { } routeName)
            Assert.Equal(routeName, match.Route!.Name);
    }

    private static void AssertRedirect(RouteMatch match, CaseRequest request, JsonElement expect)
    {
        var redirect = Assert.IsType<RedirectAction>(match.Route?.Action);
        if (expect.Text("location") is { } location)
            Assert.Equal(location, redirect.Location(request.Scheme, request.Query.Scheme!, request.Query.Authority!, request.Query.Path!));
        if (expect.Number("status") is { } status)
            Assert.Equal((int)status, redirect.Status);
    }

    private static void AssertDirectResponse(RouteMatch match, JsonElement expect)
    {
        var response = Assert.IsType<DirectResponseAction>(match.Route?.Action);
        if (expect.Number("status") is { } status)
            Assert.Equal((int)status, response.Status);
        if (expect.Text("body") is { } body)
            Assert.Equal(body, Encoding.UTF8.GetString(response.Body.Span));
    }

    private static void AssertForwarded(RouteMatch match, ForwardAction action, CaseRequest request, JsonElement expect)
    {
        var choice = action.SelectCluster(request.Query.RandomValue, request.Query.Headers, request.Query.Runtime);
        if (expect.Text("cluster") is { } cluster)
            Assert.Equal(cluster, choice.Cluster);
        if (expect.Find("upstream_request") is { } upstream)
            AssertUpstream(match, choice, request, upstream, suppressEnvoyHeaders: false);
        if (expect.Find("upstream_request_with_envoy_headers_suppressed") is { } suppressed)
            AssertUpstream(match, choice, request, suppressed, suppressEnvoyHeaders: true);
    }

    private static void AssertUpstream(RouteMatch match, ClusterChoice choice, CaseRequest request, JsonElement expect, bool suppressEnvoyHeaders)
    {
        expect.RequireOnly("path", "authority", "path_rewritten", "headers_first_value", "headers_absent");
        var headers = request.CopyHeaders();
        match.EditRequest(ref headers, choice, new CaseFormatValues(request.Query.Headers), suppressEnvoyHeaders);
        if (expect.Text("path") is { } path)
            Assert.Equal(path, First(headers, HeaderNames.Path));
        if (expect.Text("authority") is { } authority)
            Assert.Equal(authority, First(headers, HeaderNames.Authority));
        if (expect.Find("path_rewritten")?.GetBoolean() is { } rewritten)
            Assert.Equal(rewritten, First(headers, HeaderNames.Path) != request.Query.Path || headers.Count("x-envoy-original-path") > 0);
        if (expect.Find("headers_first_value") is { } values)
        {
            foreach (var value in values.EnumerateObject())
                Assert.Equal(value.Value.GetString(), First(headers, value.Name));
        }

        if (expect.Find("headers_absent") is { } absent)
        {
            foreach (var name in absent.EnumerateArray())
                Assert.True(string.IsNullOrEmpty(First(headers, name.GetString()!)), $"{name} is there");
        }
    }

    private static string? First(HeaderLines headers, string name) => headers.Count(name) > 0 ? headers.Get(name, 0) : null;
}
