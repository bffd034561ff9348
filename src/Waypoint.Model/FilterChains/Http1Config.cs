using Waypoint.Model.Matching;

namespace Waypoint.Model.FilterChains;

/// <summary>How HTTP/1 messages are read (<c>envoy.config.core.v3.Http1ProtocolOptions</c> and the limits of <c>HttpProtocolOptions</c>), of clients or of a cluster's endpoints. Immutable.</summary>
public sealed record Http1Config
{
    /// <summary>Envoy's defaults for clients.</summary>
    public static Http1Config Default { get; } = new();

    /// <summary>Envoy's defaults for endpoints: responses may have 80 KiB of headers.</summary>
    public static Http1Config UpstreamDefault { get; } = new() { MaxHeadBytes = 80 * 1024 };

    /// <summary>Longest start line with headers, in bytes, and longest trailers (<c>max_request_headers_kb</c>, <c>max_response_headers_kb</c>). Default 60 KiB.</summary>
    public int MaxHeadBytes { get; init; } = 60 * 1024;

    /// <summary>Most header lines (<c>max_headers_count</c>). Default 100.</summary>
    public int MaxHeaderCount { get; init; } = 100;

    /// <summary><c>allow_absolute_url</c>: a target with scheme and host replaces Host; otherwise it is a path. Default true.</summary>
    public bool AllowAbsoluteUrl { get; init; } = true;

    /// <summary><c>enable_trailers</c>: trailers pass; otherwise they are read and dropped.</summary>
    public bool EnableTrailers { get; init; }

    /// <summary><c>allow_chunked_length</c>: a message with both framings is read as chunked; otherwise it is refused.</summary>
    public bool AllowChunkedLength { get; init; }

    /// <summary><c>allow_custom_methods</c>: any token is a method; otherwise only those of the registry.</summary>
    public bool AllowCustomMethods { get; init; }

    /// <summary>A carriage return alone within a chunk extension is passed over; otherwise it is an error, because servers disagree about what it ends.</summary>
    public bool AllowLoneReturnInChunkExtension { get; init; }

    /// <summary><c>ignore_http_11_upgrade</c>: protocols of an <c>upgrade</c> header that are taken out of it.</summary>
    public IReadOnlyList<StringMatcher> IgnoredUpgrades { get; init; } = [];

    /// <summary><c>headers_with_underscores_action</c>; requests only.</summary>
    public UnderscoreHeadersAction UnderscoreHeaders { get; init; }

    /// <summary><c>header_key_format</c> with <c>proper_case_words</c>: names go out as <c>Content-Type</c>.</summary>
    public bool ProperCaseWords { get; init; }
}
