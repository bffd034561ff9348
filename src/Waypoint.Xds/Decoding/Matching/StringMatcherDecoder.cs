using Waypoint.Model.Matching;
using Proto = Waypoint.Protos.Envoy.Type.Matcher.V3;

namespace Waypoint.Xds.Decoding.Matching;

/// <summary>Decodes <c>envoy.type.matcher.v3.StringMatcher</c> and <c>RegexMatcher</c>. Always returns a matcher; after a problem it is one that fits nothing but
/// the empty text, and must not be used.</summary>
public static class StringMatcherDecoder
{
    private static readonly StringMatcher Placeholder = StringMatcher.Exact("");

    /// <summary>Decodes field <paramref name="name"/> of the current message.</summary>
    public static StringMatcher Decode(Proto.StringMatcher? message, string name, DecodeContext context)
    {
        if (message is null)
        {
            context.Refuse(name, "is required");
            return Placeholder;
        }

        using var scope = context.Field(name);
        return Decode(message, context);
    }

    /// <summary>Decodes the current message.</summary>
    public static StringMatcher Decode(Proto.StringMatcher message, DecodeContext context)
    {
        switch (message.MatchPatternCase)
        {
            case Proto.StringMatcher.MatchPatternOneofCase.Exact:
                return StringMatcher.Exact(message.Exact, message.IgnoreCase);
            case Proto.StringMatcher.MatchPatternOneofCase.Prefix:
                return StringMatcher.Prefix(message.Prefix, message.IgnoreCase);
            case Proto.StringMatcher.MatchPatternOneofCase.Suffix:
                return StringMatcher.Suffix(message.Suffix, message.IgnoreCase);
            case Proto.StringMatcher.MatchPatternOneofCase.Contains:
                return StringMatcher.Contains(message.Contains, message.IgnoreCase);
            case Proto.StringMatcher.MatchPatternOneofCase.SafeRegex:
                // Someone who wrote it expects an effect that it does not have.
                if (message.IgnoreCase)
                    context.Refuse("ignore_case", "has no effect on safe_regex; write (?i) into the pattern");
                return DecodeRegex(message.SafeRegex, "safe_regex", context);
            case Proto.StringMatcher.MatchPatternOneofCase.Custom:
                context.Refuse("custom", "is not supported", message.Custom.Name, "exact, prefix, suffix, contains or safe_regex");
                return Placeholder;
            default:
                context.Refuse("", "has no pattern", accepted: "exact, prefix, suffix, contains or safe_regex");
                return Placeholder;
        }
    }

    /// <summary>Decodes an RE2 pattern that has to fit the whole value, in field <paramref name="name"/> of the current message.</summary>
    public static StringMatcher DecodeRegex(Proto.RegexMatcher? message, string name, DecodeContext context)
    {
        using var scope = context.Field(name);
        if (string.IsNullOrEmpty(message?.Regex))
        {
            context.Refuse("regex", "is required");
            return Placeholder;
        }

        if (StringMatcher.TryRegex(message.Regex, out var matcher, out var problem))
            return matcher;
        context.Refuse("regex", problem, message.Regex, "an RE2 expression");
        return Placeholder;
    }

    /// <summary>Decodes pattern and substitution in field <paramref name="name"/> of the current message; null after a problem.</summary>
    public static RegexSubstitution? DecodeSubstitution(Proto.RegexMatchAndSubstitute message, string name, DecodeContext context)
    {
        using var scope = context.Field(name);
        if (string.IsNullOrEmpty(message.Pattern?.Regex))
        {
            context.Refuse("pattern.regex", "is required");
            return null;
        }

        if (RegexSubstitution.TryCreate(message.Pattern.Regex, message.Substitution, out var result, out var problem))
            return result;
        context.Refuse("pattern.regex", problem, $"{message.Pattern.Regex} with the substitution {message.Substitution}", "an RE2 expression and a substitution with its groups");
        return null;
    }
}
