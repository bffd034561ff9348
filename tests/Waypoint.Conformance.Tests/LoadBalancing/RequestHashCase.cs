using System.Net;
using System.Text.Json;
using Google.Protobuf.Collections;
using Waypoint.Model.Hashing;
using Waypoint.Model.Requests;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Routes;

namespace Waypoint.Conformance.Tests.LoadBalancing;

/// <summary>Hash policies of a route applied to a request.</summary>
internal static class RequestHashCase
{
    public static void Run(JsonElement input, JsonElement expect)
    {
        input.RequireOnly("hash_policy", "headers", "downstream_remote_address", "path", "filter_state");
        expect.RequireOnly("hash", "set_cookie");
        RequestHash hash = Hash(input, input.Find("headers"));
        if (expect.TryGetProperty("hash", out _))
            Assert.Equal(expect.Number("hash"), hash.Value);
        if (expect.Find("set_cookie") is not { } expected)
        {
            Assert.Null(hash.Cookies);
            return;
        }

        expected.RequireOnly("name", "path", "ttl_seconds", "attributes");
        GeneratedCookie cookie = Assert.Single(hash.Cookies!);
        Assert.Equal(XxHash64.Of(cookie.Value), hash.Value);
        Assert.Equal(expected.Text("name"), cookie.Policy.Name);
        Assert.Equal(expected.Text("path"), cookie.Policy.Path);
        Assert.Equal(expected.Number("ttl_seconds"), (ulong)cookie.Policy.Ttl!.Value.TotalSeconds);
        foreach (JsonElement attribute in expected.Find("attributes")?.EnumerateArray() ?? [])
            Assert.Contains(KeyValuePair.Create(attribute.Text("name")!, attribute.Text("value") ?? ""), cookie.Policy.Attributes);
    }

    public static RequestHash Hash(JsonElement input, JsonElement? headers)
    {
        var policies = new RepeatedField<RouteAction.Types.HashPolicy>();
        foreach (JsonElement policy in input.GetProperty("hash_policy").EnumerateArray())
            policies.Add(UpstreamJson.Parse<RouteAction.Types.HashPolicy>(policy));
        var context = new DecodeContext("Case");
        var decoded = HashPolicyDecoder.DecodeAll(policies, context);
        Assert.False(context.HasProblems, string.Join(Environment.NewLine, context.Problems));
        return RequestHasher.Compute(decoded, new RequestHashInput<HeaderLines>
        {
            Headers = new HeaderLines(headers?.HeaderPairs() ?? []),
            Path = input.Text("path") ?? "/",
            Source = IPEndPoint.TryParse(input.Text("downstream_remote_address") ?? "", out IPEndPoint? source) ? source.Address : null,
            State = input.Find("filter_state") is { } state ? new CaseFilterState(state) : null,
            CookieSeed = 1,
        });
    }
}
