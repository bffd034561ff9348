using System.Globalization;
using System.Text;
using Google.Protobuf.Collections;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Tokens;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Xds.Decoding.Matching;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads providers of tokens. Always returns something; after a problem it must not be used. A key set that cannot be read is no problem: istiod sends one that
/// fits nothing when it could not fetch the issuer's, and then no token of the issuer is accepted.</summary>
internal static class JwtProviderDecoder
{
    private const ulong DefaultClockSkewSeconds = 60;

    /// <summary>Reads the current message.</summary>
    public static JwtProviderConfig Decode(string name, JwtProvider message, DecodeContext context) => new()
    {
        Name = name,
        Issuer = message.Issuer,
        Audiences = new AudienceSet(message.Audiences),
        Subjects = message.Subjects is null ? null : StringMatcherDecoder.Decode(message.Subjects, "subjects", context),
        RequireExpiration = message.RequireExpiration,
        MaxLifetime = DurationDecoder.Decode(message.MaxLifetime, "max_lifetime", context),
        ClockSkewSeconds = message.ClockSkewSeconds == 0 ? DefaultClockSkewSeconds : message.ClockSkewSeconds,
        InlineKeys = message.JwksSourceSpecifierCase == JwtProvider.JwksSourceSpecifierOneofCase.LocalJwks ? InlineKeys(message.LocalJwks, context) : null,
        RemoteKeys = message.JwksSourceSpecifierCase == JwtProvider.JwksSourceSpecifierOneofCase.RemoteJwks ? RemoteKeys(message.RemoteJwks, context) : null,
        FromHeaders = [.. message.FromHeaders.Select((header, i) => System.Collections.Generic.KeyValuePair.Create(HeaderNameDecoder.Decode(header.Name, Element("from_headers", i, "name"), context), header.ValuePrefix))],
        FromParameters = Names(message.FromParams, "from_params", context),
        FromCookies = Names(message.FromCookies, "from_cookies", context),
        Forward = message.Forward,
        ForwardPayloadHeader = message.ForwardPayloadHeader.Length == 0 ? "" : OwnHeader(message.ForwardPayloadHeader, "forward_payload_header", context),
        PadForwardPayload = message.PadForwardPayloadHeader,
        PayloadInMetadata = message.PayloadInMetadata,
        SpaceDelimitedClaims = [.. message.NormalizePayloadInMetadata?.SpaceDelimitedClaims ?? []],
        HeaderInMetadata = message.HeaderInMetadata,
        FailedStatusInMetadata = message.FailedStatusInMetadata,
        ClaimHeaders = [.. message.ClaimToHeaders.Select((header, i) => ClaimHeader(header, i, context))],
        ClearRouteCache = message.ClearRouteCache,
        TokenCacheSize = message.JwtCacheConfig is { } cache ? (int)Math.Min(cache.JwtCacheSize, TokenCache.MaxSize) : null,
    };

    private static string Element(string list, int index, string field) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}].{field}");

    private static string[] Names(RepeatedField<string> names, string field, DecodeContext context)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i].Length == 0)
                context.Refuse(string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"), "is empty");
        }

        return [.. names];
    }

    private static ClaimHeader ClaimHeader(JwtClaimToHeader message, int index, DecodeContext context)
    {
        if (message.ClaimName.Length == 0)
            context.Refuse(Element("claim_to_headers", index, "claim_name"), "is required");
        return new ClaimHeader(OwnHeader(message.HeaderName, Element("claim_to_headers", index, "header_name"), context), message.ClaimName.Split('.'));
    }

    /// <summary>A header that is set from tokens: never one that says where the request goes.</summary>
    private static string OwnHeader(string value, string field, DecodeContext context)
    {
        if (value.StartsWith(':') || value.Equals("host", StringComparison.OrdinalIgnoreCase))
            context.RefuseValue(field, $"'{value}'", "a header other than host and pseudo headers");
        return HeaderNameDecoder.Decode(value, field, context);
    }

    private static string? InlineKeys(DataSource source, DecodeContext context)
    {
        switch (source.SpecifierCase)
        {
            case DataSource.SpecifierOneofCase.InlineString:
                return source.InlineString;
            case DataSource.SpecifierOneofCase.InlineBytes:
                return Encoding.UTF8.GetString(source.InlineBytes.Span);
            default:
                context.Refuse("local_jwks", "is not in the message", accepted: "inline_string or inline_bytes");
                return null;
        }
    }

    private static RemoteKeySetConfig RemoteKeys(RemoteJwks message, DecodeContext context)
    {
        using DecodeScope scope = context.Field("remote_jwks");
        HttpUri uri = message.HttpUri ?? new HttpUri();
        if (!Uri.TryCreate(uri.Uri, UriKind.Absolute, out Uri? parsed) || (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps))
            context.RefuseValue("http_uri.uri", $"'{uri.Uri}'", "an http or https URI");
        if (uri.Cluster.Length == 0)
            context.Refuse("http_uri.cluster", "is required");
        if (message.RetryPolicy is { RetryOn.Length: > 0 } or { RetryPriority: not null } or { RetryHostPredicate.Count: > 0 })
            context.Ignore("retry_policy.retry_on", "every failure to fetch keys is tried again");
        TimeSpan backOff = context.ReadDuration(message.RetryPolicy?.RetryBackOff?.BaseInterval, "retry_policy.retry_back_off.base_interval", TimeSpan.FromSeconds(1));
        return new RemoteKeySetConfig
        {
            Uri = uri.Uri,
            Cluster = uri.Cluster,
            Timeout = context.ReadDuration(uri.Timeout, "http_uri.timeout", TimeSpan.FromSeconds(1)),
            CacheDuration = context.ReadDuration(message.CacheDuration, "cache_duration", TimeSpan.FromMinutes(10)),
            FetchAhead = message.AsyncFetch is not null,
            FailedRefetch = context.ReadDuration(message.AsyncFetch?.FailedRefetchDuration, "async_fetch.failed_refetch_duration", TimeSpan.FromSeconds(1)),
            Retries = message.RetryPolicy is { } retry ? (int)context.ReadNumber(retry.NumRetries, "retry_policy.num_retries", absent: 1, min: 0, max: 100) : 0,
            BackOffBase = backOff,
            BackOffMax = context.ReadDuration(message.RetryPolicy?.RetryBackOff?.MaxInterval, "retry_policy.retry_back_off.max_interval", backOff * 10),
        };
    }
}
