using System.Text.Json;
using Waypoint.Model.Requests;

namespace Waypoint.Conformance.Tests.Requests;

/// <summary>Queries and percent coding of set <c>http-utilities</c>.</summary>
internal static class QueryCase
{
    internal static void Check(string kind, JsonElement testCase, JsonElement expect)
    {
        switch (kind)
        {
            case "query-parse":
                var parsed = QueryParameters.Parse(testCase.Text("path")!, testCase.GetProperty("decode").GetBoolean());
                var expected = expect.GetProperty("params").EnumerateObject().OrderBy(static entry => entry.Name, StringComparer.Ordinal)
                    .Select(static entry => (entry.Name, string.Join('\n', entry.Value.EnumerateArray().Select(static value => value.GetString()))));
                Assert.Equal(expected, parsed.All.Select(static entry => (entry.Key, string.Join('\n', entry.Value))));
                break;
            case "query-strip":
                Assert.Equal(expect.Text("path"), QueryParameters.Strip(testCase.Text("path")!));
                break;
            case "query-replace":
                Assert.Equal(expect.Text("path"), QueryParameters.Parse(testCase.Text("new_params")!, decode: false).ReplaceIn(testCase.Text("path")!));
                break;
            case "query-modify":
                Assert.Equal(expect.Text("query"), Modify(testCase.GetProperty("steps")).ToQuery());
                break;
            case "percent-decode":
                Assert.Equal(expect.Text("value"), PercentCoding.Decode(testCase.Text("value")));
                break;
            case "percent-decode-query-parameter":
                Assert.Equal(expect.Text("value"), PercentCoding.DecodeQueryParameter(testCase.Text("value")));
                break;
            case "percent-encode":
                Assert.Equal(expect.Text("value"), PercentCoding.Encode(testCase.Text("value")!, testCase.Text("reserved")!));
                break;
            case "percent-url-encode-table":
                Assert.Equal(
                    expect.GetProperty("table").EnumerateArray().Select(static entry => entry.GetString()),
                    Enumerable.Range(0, 256).Select(static octet => PercentCoding.EncodeQueryParameter([(byte)octet])));
                break;
            default:
                Assert.Fail($"the runner does not know kind '{kind}'");
                break;
        }
    }

    private static QueryParameters Modify(JsonElement steps)
    {
        var parameters = new QueryParameters();
        foreach (var step in steps.EnumerateArray())
        {
            var name = step[1].GetString()!;
            switch (step[0].GetString())
            {
                case "add":
                    parameters.Add(name, step[2].GetString()!);
                    break;
                case "overwrite":
                    parameters.Overwrite(name, step[2].GetString()!);
                    break;
                case "remove":
                    parameters.Remove(name);
                    break;
                default:
                    Assert.Fail($"the runner does not know step '{step[0].GetString()}'");
                    break;
            }
        }

        return parameters;
    }
}
