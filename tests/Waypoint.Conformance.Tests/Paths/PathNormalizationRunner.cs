using System.Text.Json;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;
using Waypoint.Model.Paths;

namespace Waypoint.Conformance.Tests.Paths;

/// <summary>Set <c>path-normalization</c>: single operations and the connection manager's whole pipeline, both through the one normalizer.</summary>
internal sealed class PathNormalizationRunner : IConformanceRunner
{
    private static readonly PathNormalizationSettings Off = new(false, false, EscapedSlashesAction.KeepUnchanged);

    public string Set => "path-normalization";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        JsonElement expect = testCase.GetProperty("expect");
        expect.RequireOnly("path", "ok", "found", "action", "status");
        string path = testCase.GetProperty("input").GetProperty("path").GetString()!;
        switch (testCase.Text("operation"))
        {
            case "remove_query_and_fragment":
                Assert.Equal(expect.GetProperty("path").GetString(), PathMatcher.WithoutQuery(path).ToString());
                break;
            case "canonicalize":
                CheckOperation(expect, "ok", path, Off with { Canonicalize = true }, static (result, _) => result.Action == PathNormalizationAction.Continue);
                break;
            case "merge_slashes":
                CheckOperation(expect, "", path, Off with { MergeSlashes = true }, static (_, _) => true);
                break;
            case "unescape_slashes":
                CheckOperation(expect, "found", path, Off with { EscapedSlashes = EscapedSlashesAction.UnescapeAndForward }, static (result, before) => result.Path != before);
                break;
            case "hcm_normalize" or "mesh_normalize":
                CheckPipeline(expect, PathNormalizer.Normalize(path, Settings(testCase.GetProperty("options"))));
                break;
            default:
                Assert.Fail($"the runner does not know operation '{testCase.Text("operation")}'");
                break;
        }
    }

    private static void CheckOperation(JsonElement expect, string flag, string path, PathNormalizationSettings settings, Func<PathNormalizationResult, string, bool> isSet)
    {
        PathNormalizationResult result = PathNormalizer.Normalize(path, settings);
        if (flag.Length > 0)
            Assert.Equal(expect.GetProperty(flag).GetBoolean(), isSet(result, path));
        if (expect.Text("path") is { } expected)
            Assert.Equal(expected, result.Path);
    }

    private static void CheckPipeline(JsonElement expect, PathNormalizationResult result)
    {
        Assert.Equal(expect.GetProperty("action").GetString(), result.Action.ToString(), ignoreCase: true);
        if (expect.Text("path") is { } path)
            Assert.Equal(path, result.Path);
    }

    private static PathNormalizationSettings Settings(JsonElement options)
    {
        options.RequireOnly("istio_mode", "normalize_path", "merge_slashes", "path_with_escaped_slashes_action", "reject_path_with_fragment");
        EscapedSlashesAction slashes = options.Text("path_with_escaped_slashes_action") switch
        {
            null or "KEEP_UNCHANGED" => EscapedSlashesAction.KeepUnchanged,
            "REJECT_REQUEST" => EscapedSlashesAction.RejectRequest,
            "UNESCAPE_AND_REDIRECT" => EscapedSlashesAction.UnescapeAndRedirect,
            "UNESCAPE_AND_FORWARD" => EscapedSlashesAction.UnescapeAndForward,
            var other => throw new ArgumentException($"the runner does not know {other}", nameof(options)),
        };
        return new PathNormalizationSettings(
            options.Find("normalize_path")?.GetBoolean() ?? false,
            options.Find("merge_slashes")?.GetBoolean() ?? false,
            slashes,
            StripFragment: !(options.Find("reject_path_with_fragment")?.GetBoolean() ?? true));
    }
}
