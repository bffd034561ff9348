using System.Text.Json;
using Waypoint.Model.Requests;
using Waypoint.Protos.Envoy.Type.Matcher.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Matching;

namespace Waypoint.Conformance.Tests.Requests;

/// <summary>Upgrades and the connection header of set <c>http-utilities</c>.</summary>
internal static class UpgradeCase
{
    internal static void Check(string kind, JsonElement testCase, JsonElement expect)
    {
        var headers = testCase.Find("headers") is { } lines ? new HeaderLines(lines.HeaderPairs()) : new HeaderLines();
        switch (kind)
        {
            case "is-upgrade":
                var websocket = testCase.Find("websocket")?.GetBoolean() ?? false;
                Assert.Equal(expect.GetProperty("upgrade").GetBoolean(), websocket ? Upgrades.IsWebSocket(headers) : Upgrades.IsUpgrade(headers));
                break;
            case "is-h2-upgrade":
                Assert.Equal(expect.GetProperty("upgrade").GetBoolean(), Upgrades.IsExtendedConnect(headers));
                break;
            case "upgrade-convert":
                CheckConversion(testCase, expect, headers);
                break;
            case "upgrade-remove":
                var context = new DecodeContext("Case");
                var ignored = testCase.GetProperty("ignore").EnumerateArray()
                    .Select(matcher => StringMatcherDecoder.Decode(UpstreamJson.Parse<StringMatcher>(matcher), context)).ToList();
                Assert.Empty(context.Problems);
                headers.Set("upgrade", testCase.Text("upgrade")!);
                Upgrades.RemoveIgnored(ref headers, ignored);
                Assert.Equal(expect.Text("upgrade"), First(headers, "upgrade"));
                break;
            case "connection-remove-token":
                headers.Set(ConnectionTokens.HeaderName, testCase.Text("connection")!);
                ConnectionTokens.Remove(ref headers, testCase.Text("remove")!);
                Assert.Equal(expect.Text("connection"), First(headers, ConnectionTokens.HeaderName));
                break;
            case "connection-sanitize":
                expect.RequireOnly("accepted", "headers");
                Assert.Equal(expect.GetProperty("accepted").GetBoolean(), ConnectionTokens.TrySanitize(ref headers));
                if (expect.Find("headers") is { } sanitized)
                    AssertSame(sanitized, headers);
                break;
            default:
                Assert.Fail($"the runner does not know kind '{kind}'");
                break;
        }
    }

    private static void CheckConversion(JsonElement testCase, JsonElement expect, HeaderLines headers)
    {
        expect.RequireOnly("is_h2_upgrade", "is_h1_upgrade", "has_content_length", "and_back_to_h1");
        var isResponse = testCase.Text("direction") switch
        {
            "request h1 to h2" => false,
            "response h1 to h2" => true,
            var other => throw new InvalidDataException($"the runner does not know direction '{other}'"),
        };
        var upgrade = First(headers, "upgrade")!;
        if (isResponse)
            Upgrades.ResponseToHttp2(ref headers);
        else
            Upgrades.RequestToHttp2(ref headers);
        if (expect.Find("is_h2_upgrade") is { } http2)
            Assert.Equal(http2.GetBoolean(), Upgrades.IsExtendedConnect(headers));
        if (expect.Find("is_h1_upgrade") is { } http1)
            Assert.Equal(http1.GetBoolean(), Upgrades.IsUpgrade(headers));
        if (expect.Find("has_content_length") is { } length)
            Assert.Equal(length.GetBoolean(), headers.Count("content-length") > 0);
        if (expect.Find("and_back_to_h1") is not { } back)
            return;
        if (isResponse)
            Upgrades.ResponseToHttp1(ref headers, upgrade);
        else
            Upgrades.RequestToHttp1(ref headers);
        AssertSame(back, headers);
    }

    private static void AssertSame(JsonElement expected, HeaderLines headers) =>
        Assert.Equal(expected.HeaderPairs().Select(static line => $"{line.Key}: {line.Value}").Order(), headers.Lines.Select(static line => $"{line.Key}: {line.Value}").Order());

    private static string? First(HeaderLines headers, string name) => headers.Count(name) > 0 ? headers.Get(name, 0) : null;
}
