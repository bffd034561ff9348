using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Authorization;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Paths;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Authorization;

namespace Waypoint.Conformance.Tests.Authorization;

/// <summary>Set <c>rbac-evaluation</c>: loads the RBAC filter configuration (or a chain of them) and asks it about one request.</summary>
internal sealed class RbacEvaluationRunner : IConformanceRunner
{
    public string Set => "rbac-evaluation";

    public void Run(JsonElement testCase, ConformanceTable table)
    {
        JsonElement expect = testCase.GetProperty("expect");
        JsonElement input = testCase.GetProperty("input");
        expect.RequireOnly("allowed", "status", "response", "response_code_details", "shadow", "dynamic_metadata", "access_log_hint", "config_rejected", "upstream_message");
        input.RequireOnly("method", "path", "authority", "scheme", "headers", "source_ip", "source_port", "direct_remote_ip", "remote_ip", "destination_ip",
            "destination_port", "sni", "tls", "dynamic_metadata", "route_metadata", "filter_state", "no_route", "route_override", "hcm");
        var context = new DecodeContext("Case");
        List<RbacRules> filters = Decode(testCase.GetProperty("filter"), input, context);
        if (expect.Find("config_rejected")?.GetBoolean() ?? false)
        {
            Assert.True(context.HasProblems, "must be refused");
            return;
        }

        if (context.HasProblems)
        {
            // gRPC evaluates some messages that the validation rules of the API forbid; a filter that is refused lets nobody pass.
            Assert.True(testCase.GetProperty("origin").GetProperty("repo").GetString() == "grpc/grpc-go" && !expect.GetProperty("allowed").GetBoolean(),
                string.Join(Environment.NewLine, context.Problems));
            return;
        }

        Evaluate(filters, input, expect);
    }

    private static void Evaluate(List<RbacRules> filters, JsonElement input, JsonElement expect)
    {
        string? path = input.Text("path");
        // Cases with a status went through a connection manager upstream, the others met the engine alone.
        if (path is not null && (expect.Find("status") ?? input.Find("hcm")) is not null)
        {
            PathNormalizationResult result = PathNormalizer.Normalize(path, Settings(input));
            if (result.Action == PathNormalizationAction.Reject)
            {
                Check(expect, allowed: false, status: 400);
                return;
            }

            path = result.Path;
        }

        var request = new RbacRequest(input, path);
        RbacFilterVerdict verdict = default;
        var metadata = new Dictionary<string, string>();
        foreach (RbacRules rules in filters)
        {
            verdict = rules.Evaluate(in request);
            Note(metadata, verdict.Shadow, rules.ShadowResultKey, rules.ShadowPolicyKey);
            Note(metadata, verdict.Enforced, rules.EnforcedResultKey, rules.EnforcedPolicyKey);
            if (!verdict.Allowed)
                break;
        }

        Check(expect, verdict.Allowed, verdict.Allowed ? 200 : 403);
        CheckTraces(expect, verdict, metadata);
    }

    private static void Check(JsonElement expect, bool allowed, int status)
    {
        Assert.Equal(expect.GetProperty("allowed").GetBoolean(), allowed);
        if (expect.Find("status") is { } expectedStatus)
            Assert.Equal(expectedStatus.GetInt32(), status);
        if (expect.Find("response") is not { } response)
            return;
        response.RequireOnly("status", "content_type", "content_length");
        Assert.Equal(response.GetProperty("status").GetInt32(), status);
        if (response.Find("content_length") is { } length)
            Assert.Equal(length.GetInt32(), RbacFilterConfig.DeniedBody.Length);
    }

    private static void CheckTraces(JsonElement expect, RbacFilterVerdict verdict, Dictionary<string, string> metadata)
    {
        // A request that passes gets its details from the upstream's answer.
        if (!verdict.Allowed && expect.Text("response_code_details") is { } details)
            Assert.Equal(details, verdict.DeniedDetails);
        if (expect.Text("shadow") is { } shadow)
            Assert.Equal(shadow, verdict.Shadow is { Allowed: true } ? RbacRules.AllowedText : RbacRules.DeniedText);
        if (expect.TryGetProperty("access_log_hint", out JsonElement hint))
            Assert.Equal(hint.ValueKind == JsonValueKind.Null ? null : hint.GetBoolean(), verdict.AccessLogHint);
        if (expect.Find("dynamic_metadata") is not { } expectedMetadata)
            return;
        expectedMetadata.RequireOnly(RbacFilterConfig.MetadataNamespace);
        foreach (JsonProperty field in expectedMetadata.GetProperty(RbacFilterConfig.MetadataNamespace).EnumerateObject())
            Assert.Equal(field.Value.GetString(), metadata.GetValueOrDefault(field.Name));
    }

    private static void Note(Dictionary<string, string> metadata, RbacVerdict? verdict, string resultKey, string policyKey)
    {
        if (verdict is not { } made)
            return;
        metadata[resultKey] = made.Allowed ? RbacRules.AllowedText : RbacRules.DeniedText;
        if (made.Policy is not null)
            metadata[policyKey] = made.Policy;
    }

    private static List<RbacRules> Decode(JsonElement filter, JsonElement input, DecodeContext context)
    {
        if (input.Find("route_override") is { } perRoute)
            return [RbacDecoder.DecodePerRoute(Any.Pack(UpstreamJson.Parse<RBACPerRoute>(perRoute)), context)!.Rules];
        JsonElement[] filters = filter.Find("chain") is { } chain ? [.. chain.EnumerateArray()] : [filter];
        return [.. filters.Select(f => RbacDecoder.DecodeHttp("envoy.filters.http.rbac", Any.Pack(UpstreamJson.Parse<RBAC>(f)), context)!.Rules)];
    }

    private static PathNormalizationSettings Settings(JsonElement input)
    {
        JsonElement manager = input.Find("hcm") ?? default;
        return new PathNormalizationSettings(
            manager.Find("normalize_path")?.GetBoolean() ?? false,
            manager.Find("merge_slashes")?.GetBoolean() ?? false,
            EscapedSlashesAction.KeepUnchanged,
            StripFragment: !(manager.Find("reject_path_with_fragment")?.GetBoolean() ?? true));
    }
}
