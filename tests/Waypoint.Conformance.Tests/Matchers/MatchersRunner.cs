using System.Text.Json;
using Google.Protobuf;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Protos.Envoy.Type.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Matching;
using Waypoint.Xds.Decoding.Routes;
using Matching = Waypoint.Protos.Envoy.Type.Matcher.V3;
using Route = Waypoint.Protos.Envoy.Config.Route.V3;

namespace Waypoint.Conformance.Tests.Matchers;

/// <summary>Set <c>matchers</c>: one matcher, decoded from its message, against one input.</summary>
internal sealed class MatchersRunner : IConformanceRunner
{
    public string Set => "matchers";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        var expect = testCase.GetProperty("expect");
        if (testCase.Text("kind")!.StartsWith("host_", StringComparison.Ordinal))
        {
            RunHost(testCase, expect);
            return;
        }

        expect.RequireOnly("match", "enabled", "config_rejected", "message");
        var context = new DecodeContext("Case");
        bool? outcome = null;
        try
        {
            outcome = Evaluate(testCase, context);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException)
        {
            context.Refuse("", exception.Message);
        }

        var rejected = expect.Find("config_rejected")?.GetBoolean() ?? false;
        Assert.True(rejected == context.HasProblems, $"rejected: {context.HasProblems}, expected: {rejected}\n{string.Join('\n', context.Problems)}");
        if (!rejected)
            Assert.Equal((expect.Find("match") ?? expect.GetProperty("enabled")).GetBoolean(), outcome);
    }

    /// <summary>Null if the case has no input (it is about the configuration alone).</summary>
    private static bool? Evaluate(JsonElement testCase, DecodeContext context)
    {
        var matcher = testCase.Find("matcher");
        var input = testCase.Find("input");
        switch (testCase.Text("kind"))
        {
            case "header_matcher":
                return MatchHeaders(testCase.GetProperty("matchers"), input, context);
            case "string_matcher":
                var text = StringMatcherDecoder.Decode(UpstreamJson.Parse<Matching.StringMatcher>(matcher!.Value), context);
                return input is null ? null : text.Matches(input.Value.Text("value"));
            case "path_matcher":
                var path = PathMatcherDecoder.Decode(UpstreamJson.Parse<Matching.PathMatcher>(matcher!.Value), context);
                return input is null ? null : path.Matches(input.Value.Text("path"));
            case "metadata_matcher":
                var metadata = MetadataMatcherDecoder.Decode(UpstreamJson.Parse<Matching.MetadataMatcher>(matcher!.Value), context);
                return input is null ? null : metadata.Matches(new CaseMetadata(input.Value.GetProperty("filter_metadata")));
            case "filter_state_matcher":
                var state = FilterStateMatcherDecoder.Decode(UpstreamJson.Parse<Matching.FilterStateMatcher>(matcher!.Value), context);
                return input is null ? null : state.Matches(new CaseFilterState(input.Value.Find("filter_state") ?? default));
            case "fractional_percent":
                var fraction = FractionDecoder.Decode(UpstreamJson.Parse<FractionalPercent>(matcher!.Value), "matcher", context);
                return input is null ? null : fraction.IsEnabled(input.Value.Number("random_value")!.Value);
            default:
                Assert.Fail($"the runner does not know kind '{testCase.Text("kind")}'");
                return null;
        }
    }

    private static bool? MatchHeaders(JsonElement matchers, JsonElement? input, DecodeContext context)
    {
        var decoded = new List<HeaderMatcher>();
        foreach (var matcher in matchers.EnumerateArray())
            decoded.Add(HeaderMatcherDecoder.Decode(UpstreamJson.Parse<Route.HeaderMatcher>(matcher), context));
        if (input is null)
            return null;
        var headers = new HeaderLines(input.Value.GetProperty("headers").HeaderPairs());
        return decoded.TrueForAll(matcher => matcher.Matches(headers));
    }

    private static void RunHost(JsonElement testCase, JsonElement expect)
    {
        var host = testCase.GetProperty("input").Text("host")!;
        switch (testCase.Text("kind"))
        {
            case "host_has_port":
                expect.RequireOnly("has_port");
                Assert.Equal(expect.GetProperty("has_port").GetBoolean(), HostName.HasPort(host));
                break;
            case "host_strip_port":
                expect.RequireOnly("host");
                Assert.Equal(expect.Text("host"), StripPort(host, testCase.Find("options")).ToString());
                break;
            case "host_strip_trailing_dot":
                expect.RequireOnly("host");
                Assert.Equal(expect.Text("host"), HostName.WithoutTrailingDot(host));
                break;
            default:
                Assert.Fail($"the runner does not know kind '{testCase.Text("kind")}'");
                break;
        }
    }

    private static ReadOnlySpan<char> StripPort(string host, JsonElement? options)
    {
        options?.RequireOnly("strip_matching_host_port", "strip_any_host_port");
        return options?.Number("strip_matching_host_port") is { } port
            ? HostName.WithoutMatchingPort(host, (int)port)
            : HostName.WithoutPort(host);
    }
}
