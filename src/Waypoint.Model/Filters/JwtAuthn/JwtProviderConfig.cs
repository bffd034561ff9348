using Waypoint.Model.Matching;
using Waypoint.Model.Tokens;

namespace Waypoint.Model.Filters.JwtAuthn;

/// <summary>An issuer of tokens and what becomes of them (<c>envoy.extensions.filters.http.jwt_authn.v3.JwtProvider</c>). Immutable.</summary>
public sealed record JwtProviderConfig
{
    /// <summary>Key in <c>providers</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>issuer</c>; empty: every issuer.</summary>
    public string Issuer { get; init; } = "";

    /// <summary><c>audiences</c>.</summary>
    public AudienceSet Audiences { get; init; } = AudienceSet.Any;

    /// <summary><c>subjects</c>; null: every subject.</summary>
    public StringMatcher? Subjects { get; init; }

    /// <summary><c>require_expiration</c>: tokens without <c>exp</c> are not accepted.</summary>
    public bool RequireExpiration { get; init; }

    /// <summary><c>max_lifetime</c>: the time left until <c>exp</c> must be shorter; null: any.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary><c>clock_skew_seconds</c>; default 60.</summary>
    public ulong ClockSkewSeconds { get; init; } = 60;

    /// <summary><c>local_jwks</c>: the text of a key set; null: <see cref="RemoteKeys"/> or none.</summary>
    public string? InlineKeys { get; init; }

    /// <summary><c>remote_jwks</c>; null: <see cref="InlineKeys"/> or none.</summary>
    public RemoteKeySetConfig? RemoteKeys { get; init; }

    /// <summary><c>from_headers</c>, name (lower case) and prefix; with all three absent <c>authorization</c> behind <c>Bearer </c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> FromHeaders { get; init; } = [];

    /// <summary><c>from_params</c>; with all three absent <c>access_token</c>.</summary>
    public IReadOnlyList<string> FromParameters { get; init; } = [];

    /// <summary><c>from_cookies</c>.</summary>
    public IReadOnlyList<string> FromCookies { get; init; } = [];

    /// <summary><c>forward</c>: the token stays in the request.</summary>
    public bool Forward { get; init; }

    /// <summary><c>forward_payload_header</c>, lower case: takes the payload in base64url; empty: none.</summary>
    public string ForwardPayloadHeader { get; init; } = "";

    /// <summary><c>pad_forward_payload_header</c>: with the padding that base64url tokens do without.</summary>
    public bool PadForwardPayload { get; init; }

    /// <summary><c>payload_in_metadata</c>: key under which the claims are left; empty: they are not.</summary>
    public string PayloadInMetadata { get; init; } = "";

    /// <summary><c>normalize_payload_in_metadata.space_delimited_claims</c>: texts that become lists in the metadata.</summary>
    public IReadOnlyList<string> SpaceDelimitedClaims { get; init; } = [];

    /// <summary><c>header_in_metadata</c>: key under which the token's header is left; empty: it is not.</summary>
    public string HeaderInMetadata { get; init; } = "";

    /// <summary><c>failed_status_in_metadata</c>: key under which number and text of a failure are left; empty: they are not.</summary>
    public string FailedStatusInMetadata { get; init; } = "";

    /// <summary><c>claim_to_headers</c>.</summary>
    public IReadOnlyList<ClaimHeader> ClaimHeaders { get; init; } = [];

    /// <summary><c>clear_route_cache</c>: a token that changed headers or metadata has the route chosen again.</summary>
    public bool ClearRouteCache { get; init; }

    /// <summary><c>jwt_cache_config.jwt_cache_size</c>; null or 0: the default. Tokens are remembered also where Envoy would not: the result is the same.</summary>
    public int? TokenCacheSize { get; init; }
}
