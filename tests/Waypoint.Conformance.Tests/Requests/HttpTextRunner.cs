using System.Text.Json;
using Waypoint.Model.Requests;

namespace Waypoint.Conformance.Tests.Requests;

/// <summary>Set <c>http-utilities</c>: queries, percent coding, cookies, authorities, URLs, upgrades, the connection header.</summary>
internal sealed class HttpTextRunner : IConformanceRunner
{
    public string Set => "http-utilities";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        var expect = testCase.GetProperty("expect");
        var kind = testCase.Text("kind")!;
        if (kind.StartsWith("query-", StringComparison.Ordinal) || kind.StartsWith("percent-", StringComparison.Ordinal))
            QueryCase.Check(kind, testCase, expect);
        else if (kind.Contains("upgrade", StringComparison.Ordinal) || kind.StartsWith("connection-", StringComparison.Ordinal))
            UpgradeCase.Check(kind, testCase, expect);
        else if (kind.Contains("cookie", StringComparison.Ordinal))
            CheckCookie(kind, testCase, expect);
        else
            CheckOther(kind, testCase, expect);
    }

    private static void CheckCookie(string kind, JsonElement testCase, JsonElement expect)
    {
        var name = testCase.Text("name")!;
        switch (kind)
        {
            case "cookie-get" or "set-cookie-get":
                var found = Cookies.Find(
                    new HeaderLines(testCase.GetProperty("headers").HeaderPairs()), kind == "cookie-get" ? Cookies.RequestHeader : Cookies.ResponseHeader, name);
                Assert.Equal(expect.Text("value") ?? "", found ?? "");
                break;
            case "set-cookie-make":
                Assert.Equal(expect.Text("set_cookie"), Cookies.Make(
                    name, testCase.Text("value")!, testCase.Text("path") ?? "", TimeSpan.FromSeconds(testCase.Number("max_age_s") ?? 0),
                    testCase.GetProperty("http_only").GetBoolean(), testCase.GetProperty("attributes").HeaderPairs()));
                break;
            case "cookie-remove":
                var headers = new HeaderLines(testCase.GetProperty("headers").HeaderPairs());
                Cookies.Remove(ref headers, name);
                Assert.Equal(expect.GetProperty("headers").HeaderPairs(), headers.Lines);
                break;
            default:
                Assert.Fail($"the runner does not know kind '{kind}'");
                break;
        }
    }

    private static void CheckOther(string kind, JsonElement testCase, JsonElement expect)
    {
        switch (kind)
        {
            case "authority-parse":
                var parts = AuthorityParts.Parse(testCase.Text("authority")!);
                Assert.Equal((expect.GetProperty("is_ip").GetBoolean(), expect.Text("host"), (int?)expect.Number("port")), (parts.IsAddress, parts.Host, parts.Port));
                break;
            case "url-parse":
                CheckUrl(testCase, expect);
                break;
            case "uri-extract":
                var (scheme, host, path) = RequestUri.Split(testCase.Text("uri")!);
                expect.RequireOnly("scheme", "host", "path");
                Assert.Equal((expect.Text("scheme") ?? scheme, expect.Text("host"), expect.Text("path")), (scheme, host, path));
                break;
            case "referer-valid":
                Assert.Equal(expect.GetProperty("valid").GetBoolean(), RequestUri.IsReferer(testCase.Text("value")!));
                break;
            case "scheme-is":
                var text = testCase.Text("scheme")!;
                Assert.Equal(expect.GetProperty("result").GetBoolean(), testCase.Text("what") switch
                {
                    "valid" => HttpRules.IsScheme(text),
                    "http" => HttpRules.IsHttp(text),
                    _ => HttpRules.IsHttps(text),
                });
                break;
            case "required-request-headers":
                CheckMissing(HttpRules.MissingInRequest(new HeaderLines(testCase.GetProperty("headers").HeaderPairs())), expect);
                break;
            case "required-response-headers":
                CheckMissing(HttpRules.MissingInResponse(new HeaderLines(testCase.GetProperty("headers").HeaderPairs())), expect);
                break;
            case "method-safe":
                Assert.Equal(expect.GetProperty("safe").GetBoolean(), HttpRules.IsSafe(testCase.Text("method")!));
                break;
            case "original-uri":
                Assert.Equal(expect.Text("uri"), RequestUri.Original(new HeaderLines(testCase.GetProperty("headers").HeaderPairs()), (int?)testCase.Number("max_path_length")));
                break;
            case "ssl-redirect":
                Assert.Equal(expect.Text("location"), RequestUri.OverTls(new HeaderLines(testCase.GetProperty("headers").HeaderPairs())));
                break;
            default:
                Assert.Fail($"the runner does not know kind '{kind}'");
                break;
        }
    }

    private static void CheckMissing(string? missing, JsonElement expect) =>
        Assert.Equal(expect.Text("error"), missing is null ? null : $"missing required header: {missing}");

    private static void CheckUrl(JsonElement testCase, JsonElement expect)
    {
        expect.RequireOnly("valid", "scheme", "host_and_port", "path_and_query", "contains_fragment", "contains_userinfo");
        var valid = AbsoluteUrl.TryParse(testCase.Text("url")!, testCase.Find("is_connect")?.GetBoolean() ?? false, out var url);
        Assert.Equal(expect.GetProperty("valid").GetBoolean(), valid);
        if (url is null)
            return;
        Assert.Equal((expect.Text("scheme"), expect.Text("host_and_port"), expect.Text("path_and_query")), (url.Scheme, url.HostAndPort, url.PathAndQuery));
        Assert.Equal(expect.Find("contains_fragment")?.GetBoolean() ?? url.HasFragment, url.HasFragment);
        Assert.Equal(expect.Find("contains_userinfo")?.GetBoolean() ?? url.HasUserInformation, url.HasUserInformation);
    }
}
