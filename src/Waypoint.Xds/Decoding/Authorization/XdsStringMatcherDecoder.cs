using Waypoint.Xds.Decoding.Matching;
using EnvoyMatcher = Waypoint.Protos.Envoy.Type.Matcher.V3.StringMatcher;
using EnvoyRegex = Waypoint.Protos.Envoy.Type.Matcher.V3.RegexMatcher;
using PatternCase = Waypoint.Protos.Xds.Type.Matcher.V3.StringMatcher.MatchPatternOneofCase;
using StringMatcher = Waypoint.Model.Matching.StringMatcher;
using XdsMatcher = Waypoint.Protos.Xds.Type.Matcher.V3.StringMatcher;

namespace Waypoint.Xds.Decoding.Authorization;

/// <summary>Reads <c>xds.type.matcher.v3.StringMatcher</c>, the twin of Envoy's own message, by way of that one.</summary>
internal static class XdsStringMatcherDecoder
{
    /// <summary>Reads field <paramref name="field"/>.</summary>
    public static StringMatcher Decode(XdsMatcher? message, string field, DecodeContext context)
        => StringMatcherDecoder.Decode(message is null ? null : Convert(message), field, context);

    private static EnvoyMatcher Convert(XdsMatcher message)
    {
        var twin = new EnvoyMatcher { IgnoreCase = message.IgnoreCase };
        switch (message.MatchPatternCase)
        {
            case PatternCase.Exact:
                twin.Exact = message.Exact;
                break;
            case PatternCase.Prefix:
                twin.Prefix = message.Prefix;
                break;
            case PatternCase.Suffix:
                twin.Suffix = message.Suffix;
                break;
            case PatternCase.Contains:
                twin.Contains = message.Contains;
                break;
            case PatternCase.SafeRegex:
                twin.SafeRegex = new EnvoyRegex { Regex = message.SafeRegex.Regex };
                break;
        }

        return twin;
    }
}
