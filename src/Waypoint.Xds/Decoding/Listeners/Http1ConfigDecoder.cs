using Waypoint.Model.FilterChains;
using Waypoint.Model.Matching;
using Waypoint.Protos.Envoy.Config.Core.V3;
using Waypoint.Protos.Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Waypoint.Xds.Decoding.Matching;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>What a connection manager says about reading HTTP/1 requests.</summary>
internal static class Http1ConfigDecoder
{
    private const uint MaxHeadersKilobytes = 8192;
    private static readonly Http1ProtocolOptions Nothing = new();

    public static Http1Config Decode(HttpConnectionManager message, DecodeContext context)
    {
        HttpProtocolOptions? common = message.CommonHttpProtocolOptions;
        Http1ProtocolOptions options = message.HttpProtocolOptions ?? Nothing;
        return new Http1Config
        {
            MaxHeadBytes = (int)context.ReadNumber(message.MaxRequestHeadersKb, "max_request_headers_kb", 60, 1, MaxHeadersKilobytes) * 1024,
            MaxHeaderCount = (int)context.ReadNumber(common?.MaxHeadersCount, "common_http_protocol_options.max_headers_count", 100, 1, int.MaxValue),
            AllowAbsoluteUrl = options.AllowAbsoluteUrl ?? true,
            EnableTrailers = options.EnableTrailers,
            AllowChunkedLength = options.AllowChunkedLength,
            AllowCustomMethods = options.AllowCustomMethods,
            IgnoredUpgrades = IgnoredUpgrades(options, context),
            UnderscoreHeaders = Underscores(common, context),
            ProperCaseWords = options.HeaderKeyFormat?.HeaderFormatCase == Http1ProtocolOptions.Types.HeaderKeyFormat.HeaderFormatOneofCase.ProperCaseWords,
        };
    }

    private static StringMatcher[] IgnoredUpgrades(Http1ProtocolOptions options, DecodeContext context)
    {
        if (options.IgnoreHttp11Upgrade.Count == 0)
            return [];
        var matchers = new List<StringMatcher>(options.IgnoreHttp11Upgrade.Count);
        for (int i = 0; i < options.IgnoreHttp11Upgrade.Count; i++)
        {
            using DecodeScope scope = context.Field("http_protocol_options.ignore_http_11_upgrade", i);
            matchers.Add(StringMatcherDecoder.Decode(options.IgnoreHttp11Upgrade[i], context));
        }

        return [.. matchers];
    }

    private static UnderscoreHeadersAction Underscores(HttpProtocolOptions? common, DecodeContext context)
    {
        switch (common?.HeadersWithUnderscoresAction ?? HttpProtocolOptions.Types.HeadersWithUnderscoresAction.Allow)
        {
            case HttpProtocolOptions.Types.HeadersWithUnderscoresAction.Allow:
                return UnderscoreHeadersAction.Allow;
            case HttpProtocolOptions.Types.HeadersWithUnderscoresAction.RejectRequest:
                return UnderscoreHeadersAction.RejectRequest;
            case HttpProtocolOptions.Types.HeadersWithUnderscoresAction.DropHeader:
                return UnderscoreHeadersAction.DropHeader;
            default:
                context.RefuseValue("common_http_protocol_options.headers_with_underscores_action", common!.HeadersWithUnderscoresAction.ToString(), "0-2");
                return UnderscoreHeadersAction.RejectRequest;
        }
    }
}
