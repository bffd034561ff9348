using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Matching;
using Waypoint.Model.Requests;
using Waypoint.Model.Routes;
using Waypoint.Model.Tokens;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Proxy.Filters.JwtAuthn;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Filters;

namespace Waypoint.Conformance.Tests.Tokens;

/// <summary>The whole filter before a route: request in, what reaches the upstream or the answer out.</summary>
internal static partial class JwtHttpCase
{
    internal static void Run(JwtCase jwtCase)
    {
        jwtCase.Expect.RequireOnly("http_status", "reaches_upstream", "response_headers", "response_body", "response_content_length_not", "upstream_headers", "upstream_headers_absent");
        var config = jwtCase.Config();
        var keys = new CaseProviderKeys(config, Server(jwtCase), KeySetAnswer.Failed(JwtStatus.JwksFetchFail));
        var headers = jwtCase.Headers();
        if (Filter(jwtCase, config, keys, ref headers) is { } reply)
        {
            Answered(jwtCase, headers, reply);
            return;
        }

        var reaches = Routes(jwtCase).Match(JwtValidationRunner.Query(headers)).Route is not null;
        Assert.Equal(jwtCase.Expect.GetProperty("http_status").GetInt32(), reaches ? 200 : 404);
        Assert.Equal(jwtCase.Expect.Find("reaches_upstream")?.GetBoolean() ?? reaches, reaches);
        foreach (var header in jwtCase.Expect.Find("upstream_headers")?.EnumerateObject() ?? default)
            Assert.Equal(header.Value.GetString(), headers.Get(header.Name, 0));
        foreach (var name in jwtCase.Expect.Find("upstream_headers_absent")?.EnumerateArray() ?? default)
            Assert.DoesNotContain(headers.Lines, line => line.Key.Equals(name.GetString(), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Null: the request passes.</summary>
    private static JwtReply? Filter(JwtCase jwtCase, JwtAuthnFilterConfig config, CaseProviderKeys keys, ref HeaderLines headers)
    {
        var query = JwtValidationRunner.Query(headers) with { FilterState = new HeaderState(headers) };
        if (config.IsBypassed(query.Method, headers))
            return null;
        var requirement = config.FindRequirement(query);
        if (jwtCase.Json.Find("per_route") is { } perRoute)
        {
            var context = new DecodeContext("Case");
            var route = JwtAuthnDecoder.DecodePerRoute(Any.Pack(UpstreamJson.Parse<PerRouteConfig>(perRoute)), context);
            Assert.Empty(context.Problems);
            if (!config.TryFindRequirement(route!, out requirement, out var problem))
                return JwtReply.OfRoute(problem, config.StripFailureResponse);
        }

        if (requirement is null)
            return null;
        var outcome = JwtCase.Evaluate(config, requirement, keys, ref headers, new DynamicMetadata());
        return outcome.Status == JwtStatus.Ok ? null : JwtReply.Of(outcome.Status, config.StripFailureResponse, query.Scheme!, query.Authority!, query.Path!);
    }

    private static void Answered(JwtCase jwtCase, HeaderLines headers, JwtReply reply)
    {
        Assert.Equal(jwtCase.Expect.GetProperty("http_status").GetInt32(), reply.Status);
        Assert.False(jwtCase.Expect.Find("reaches_upstream")?.GetBoolean() ?? false);
        foreach (var header in jwtCase.Expect.Find("response_headers")?.EnumerateObject() ?? default)
        {
            Assert.Equal("www-authenticate", header.Name);
            Assert.Equal(header.Value.GetString(), reply.Challenge);
        }

        if (jwtCase.Expect.Text("response_body") is { } body)
            Assert.Equal(body, headers.Get(":method", 0) == "HEAD" ? "" : reply.Body);
        if (jwtCase.Expect.Text("response_content_length_not") is { } length)
            Assert.NotEqual(length, reply.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static IEnumerable<KeySetAnswer> Server(JwtCase jwtCase)
    {
        foreach (var response in jwtCase.Json.Find("jwks_responses")?.EnumerateArray() ?? default)
        {
            response.RequireOnly("status", "body");
            yield return response.GetProperty("status").GetInt32() == 200
                ? KeySetAnswer.Of(KeySet.Parse(jwtCase.Text(response.Text("body")!), LibraryKeyFactory.Instance))
                : KeySetAnswer.Failed(JwtStatus.JwksFetchFail);
        }
    }

    /// <summary>Everything goes upstream, unless the case's note names a header that the only route requires.</summary>
    private static RouteTable Routes(JwtCase jwtCase)
    {
        var required = RequiredHeader().Match(jwtCase.Note);
        var route = new Route
        {
            Condition = new RouteCondition
            {
                Path = PathCondition.Prefix("/"),
                Headers = required.Success ? [HeaderMatcher.Value(required.Groups["name"].Value, StringMatcher.Exact(required.Groups["value"].Value))] : [],
            },
            Action = new ForwardAction { Clusters = ClusterSelector.Single("c") },
        };
        return new RouteTable { Name = "t", VirtualHosts = [new VirtualHost { Name = "v", Domains = ["*"], Routes = [route] }] };
    }

    [GeneratedRegex(@"the only route requires (?<name>\S+) == ""(?<value>[^""]*)""")]
    private static partial Regex RequiredHeader();

    /// <summary>An earlier filter copies request headers into filter state of the same name.</summary>
    private sealed class HeaderState(HeaderLines headers) : IFilterStateView
    {
        public string? GetText(string key) => headers.Count(key) > 0 ? headers.Get(key, 0) : null;

        public System.Net.IPAddress? GetAddress(string key) => null;
    }
}
