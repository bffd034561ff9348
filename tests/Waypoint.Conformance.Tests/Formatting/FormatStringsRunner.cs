using System.Text.Json;
using Waypoint.Model.Formatting;

namespace Waypoint.Conformance.Tests.Formatting;

/// <summary>Set <c>format-strings</c>: parses a format string and renders it over the facts of the case.</summary>
internal sealed class FormatStringsRunner : IConformanceRunner
{
    public string Set => "format-strings";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        testCase.RequireOnly("id", "feature", "note", "origin", "mode", "format", "stream", "request_headers", "response_headers", "response_trailers",
            "omit_empty_values", "environment", "expect");
        var expect = testCase.GetProperty("expect");
        expect.RequireOnly("text", "json", "exact_text", "config_rejected");
        var values = new CaseFacts(testCase);
        switch (testCase.Text("mode"))
        {
            case "access_log":
                CheckText(testCase, expect, headerForms: false, values, missing: OmitsEmpty(testCase) ? "" : "-");
                break;
            case "header_value":
                CheckText(testCase, expect, headerForms: true, values, missing: "");
                break;
            case "json":
                CheckJson(testCase, expect, values);
                break;
            default:
                Assert.Fail($"the runner does not know mode '{testCase.Text("mode")}'");
                break;
        }
    }

    private static bool OmitsEmpty(JsonElement testCase) => testCase.Find("omit_empty_values")?.GetBoolean() ?? false;

    private static void CheckText(JsonElement testCase, JsonElement expect, bool headerForms, IFormatValues values, string missing)
    {
        var accepted = FormatString.TryParse(testCase.Text("format")!, headerForms, out var format, out var problem);
        Assert.True(accepted != (expect.Find("config_rejected")?.GetBoolean() ?? false), problem ?? "accepted");
        if (expect.Text("text") is { } text)
            Assert.Equal(text, format!.Render(values, missing));
    }

    private static void CheckJson(JsonElement testCase, JsonElement expect, IFormatValues values)
    {
        var accepted = StructuredFormat.TryParse(testCase.GetProperty("format").ToMetadata(), out var format, out var problem);
        Assert.True(accepted != (expect.Find("config_rejected")?.GetBoolean() ?? false), problem ?? "accepted");
        if (!accepted)
            return;
        var text = format!.Render(values, OmitsEmpty(testCase) ? "" : "-");
        if (expect.Find("json") is { } json)
        {
            using var found = JsonDocument.Parse(text);
            Assert.True(JsonElement.DeepEquals(json, found.RootElement), text);
        }

        if (expect.Text("exact_text") is { } exact)
            Assert.Equal(exact.TrimEnd('\n'), text);
    }
}
