using Google.Protobuf.Collections;
using Waypoint.Model.Matching;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3;

namespace Waypoint.Xds.Decoding.Matching;

/// <summary>Decodes <c>envoy.config.route.v3.HeaderMatcher</c> and <c>QueryParameterMatcher</c>. Always returns a matcher; after a problem it must not be used.</summary>
public static class HeaderMatcherDecoder
{
    /// <summary>Decodes the repeated field <paramref name="name"/> of the current message.</summary>
    public static IReadOnlyList<HeaderMatcher> DecodeAll(RepeatedField<Proto.HeaderMatcher> messages, string name, DecodeContext context)
    {
        if (messages.Count == 0)
            return [];
        var result = new HeaderMatcher[messages.Count];
        for (var i = 0; i < result.Length; i++)
        {
            using var scope = context.Field(name, i);
            result[i] = Decode(messages[i], context);
        }

        return result;
    }

    /// <summary>Decodes the current message.</summary>
    public static HeaderMatcher Decode(Proto.HeaderMatcher message, DecodeContext context)
    {
        var name = HeaderNameDecoder.Decode(message.Name, "name", context);
        var invert = message.InvertMatch;
        var missingIsEmpty = message.TreatMissingHeaderAsEmpty;
        switch (message.HeaderMatchSpecifierCase)
        {
            case Proto.HeaderMatcher.HeaderMatchSpecifierOneofCase.None:
                return HeaderMatcher.Present(name, present: true, invert, missingIsEmpty);
            case Proto.HeaderMatcher.HeaderMatchSpecifierOneofCase.PresentMatch:
                return HeaderMatcher.Present(name, message.PresentMatch, invert, missingIsEmpty);
            case Proto.HeaderMatcher.HeaderMatchSpecifierOneofCase.RangeMatch:
                return HeaderMatcher.Range(name, message.RangeMatch.Start, message.RangeMatch.End, invert, missingIsEmpty);
            default:
                return HeaderMatcher.Value(name, DecodeValue(message, context), invert, missingIsEmpty);
        }
    }

    /// <summary>Decodes the repeated field <paramref name="name"/> of the current message.</summary>
    public static IReadOnlyList<QueryParameterMatcher> DecodeAll(RepeatedField<Proto.QueryParameterMatcher> messages, string name, DecodeContext context)
    {
        if (messages.Count == 0)
            return [];
        var result = new QueryParameterMatcher[messages.Count];
        for (var i = 0; i < result.Length; i++)
        {
            using var scope = context.Field(name, i);
            result[i] = Decode(messages[i], context);
        }

        return result;
    }

    private static QueryParameterMatcher Decode(Proto.QueryParameterMatcher message, DecodeContext context)
    {
        if (message.Name.Length == 0)
            context.Refuse("name", "is required");
        return message.QueryParameterMatchSpecifierCase switch
        {
            Proto.QueryParameterMatcher.QueryParameterMatchSpecifierOneofCase.StringMatch =>
                new QueryParameterMatcher(message.Name, StringMatcherDecoder.Decode(message.StringMatch, "string_match", context)),
            Proto.QueryParameterMatcher.QueryParameterMatchSpecifierOneofCase.PresentMatch =>
                new QueryParameterMatcher(message.Name, null, message.PresentMatch),
            _ => new QueryParameterMatcher(message.Name, null),
        };
    }

    private static StringMatcher DecodeValue(Proto.HeaderMatcher message, DecodeContext context)
    {
        switch (message.HeaderMatchSpecifierCase)
        {
            case Proto.HeaderMatcher.HeaderMatchSpecifierOneofCase.ExactMatch:
                return StringMatcher.Exact(message.ExactMatch);
            case Proto.HeaderMatcher.HeaderMatchSpecifierOneofCase.PrefixMatch:
                return StringMatcher.Prefix(message.PrefixMatch);
            case Proto.HeaderMatcher.HeaderMatchSpecifierOneofCase.SuffixMatch:
                return StringMatcher.Suffix(message.SuffixMatch);
            case Proto.HeaderMatcher.HeaderMatchSpecifierOneofCase.ContainsMatch:
                return StringMatcher.Contains(message.ContainsMatch);
            case Proto.HeaderMatcher.HeaderMatchSpecifierOneofCase.SafeRegexMatch:
                return StringMatcherDecoder.DecodeRegex(message.SafeRegexMatch, "safe_regex_match", context);
            default:
                return StringMatcherDecoder.Decode(message.StringMatch, "string_match", context);
        }
    }
}
