using System.Text.Json;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;

namespace Waypoint.Conformance.Tests.Wire;

/// <summary>Reads the settings of an <c>http1-wire</c> case.</summary>
internal static class WireCaseSettings
{
    internal static Http1Config Read(JsonElement testCase, Http1Config defaults)
    {
        if (testCase.Find("settings") is not { } settings)
            return defaults;
        settings.RequireOnly(
            "allow_absolute_url", "accept_http_10", "allow_chunked_length", "enable_trailers", "http1_balsa_disallow_lone_cr_in_chunk_extension", "max_request_headers_kb", "allow_custom_methods",
            "headers_with_underscores_action", "ignore_http_11_upgrade", "max_request_headers_count", "max_response_headers_kb", "header_key_format");
        int? kilobytes = (int?)(settings.Number("max_request_headers_kb") ?? settings.Number("max_response_headers_kb"));
        return defaults with
        {
            AllowAbsoluteUrl = settings.Find("allow_absolute_url")?.GetBoolean() ?? defaults.AllowAbsoluteUrl,
            AllowChunkedLength = IsTrue(settings, "allow_chunked_length"),
            EnableTrailers = IsTrue(settings, "enable_trailers"),
            AllowCustomMethods = IsTrue(settings, "allow_custom_methods"),
            AllowLoneReturnInChunkExtension = !(settings.Find("http1_balsa_disallow_lone_cr_in_chunk_extension")?.GetBoolean() ?? true),
            MaxHeadBytes = kilobytes * 1024 ?? defaults.MaxHeadBytes,
            MaxHeaderCount = (int?)settings.Number("max_request_headers_count") ?? defaults.MaxHeaderCount,
            UnderscoreHeaders = settings.Text("headers_with_underscores_action") switch
            {
                null or "ALLOW" => UnderscoreHeadersAction.Allow,
                "DROP_HEADER" => UnderscoreHeadersAction.DropHeader,
                _ => UnderscoreHeadersAction.RejectRequest,
            },
            IgnoredUpgrades = [.. (settings.Find("ignore_http_11_upgrade")?.EnumerateArray() ?? default).Select(static matcher => StringMatcher.Exact(matcher.Text("exact")!))],
            ProperCaseWords = settings.Text("header_key_format") == "proper_case_words",
        };
    }

    internal static bool AcceptsHttp10(JsonElement testCase) => testCase.Find("settings") is { } settings && IsTrue(settings, "accept_http_10");

    private static bool IsTrue(JsonElement settings, string name) => settings.Find(name)?.GetBoolean() ?? false;
}
