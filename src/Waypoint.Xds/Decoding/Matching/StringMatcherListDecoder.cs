using Waypoint.Model.Matching;
using Proto = Waypoint.Protos.Envoy.Type.Matcher.V3;

namespace Waypoint.Xds.Decoding.Matching;

/// <summary>Decodes <c>envoy.type.matcher.v3.ListStringMatcher</c>. Always returns a list; after a problem it must not be used.</summary>
internal static class StringMatcherListDecoder
{
    /// <summary>Decodes field <paramref name="name"/> of the current message; without conditions if absent.</summary>
    public static StringMatcherList Decode(Proto.ListStringMatcher? message, string name, DecodeContext context)
    {
        if (message is null)
            return StringMatcherList.Empty;
        using DecodeScope scope = context.Field(name);
        var patterns = new StringMatcher[message.Patterns.Count];
        for (int i = 0; i < patterns.Length; i++)
            patterns[i] = StringMatcherDecoder.Decode(message.Patterns[i], $"patterns[{i}]", context);
        return new StringMatcherList(patterns);
    }
}
