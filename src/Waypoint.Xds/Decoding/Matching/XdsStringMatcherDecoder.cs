using Waypoint.Model.Matching;
using Envoy = Waypoint.Protos.Envoy.Type.Matcher.V3;
using Proto = Waypoint.Protos.Xds.Type.Matcher.V3.StringMatcher;

namespace Waypoint.Xds.Decoding.Matching;

/// <summary>Decodes <c>xds.type.matcher.v3.StringMatcher</c>, the twin of Envoy's own.</summary>
public static class XdsStringMatcherDecoder
{
    /// <summary>Decodes field <paramref name="name"/> of the current message; after a problem the result must not be used.</summary>
    public static StringMatcher Decode(Proto message, string name, DecodeContext context)
    {
        var twin = new Envoy.StringMatcher { IgnoreCase = message.IgnoreCase };
        switch (message.MatchPatternCase)
        {
            case Proto.MatchPatternOneofCase.Exact:
                twin.Exact = message.Exact;
                break;
            case Proto.MatchPatternOneofCase.Prefix:
                twin.Prefix = message.Prefix;
                break;
            case Proto.MatchPatternOneofCase.Suffix:
                twin.Suffix = message.Suffix;
                break;
            case Proto.MatchPatternOneofCase.Contains:
                twin.Contains = message.Contains;
                break;
            case Proto.MatchPatternOneofCase.SafeRegex:
                twin.SafeRegex = new Envoy.RegexMatcher { Regex = message.SafeRegex.Regex };
                break;
        }

        return StringMatcherDecoder.Decode(twin, name, context);
    }
}
