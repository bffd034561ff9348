using Google.Protobuf.Collections;
using Waypoint.Model.Matching;
using Waypoint.Model.Routes;
using Waypoint.Xds.Decoding.Matching;
using Proto = Waypoint.Protos.Envoy.Config.Route.V3.RouteAction.Types.HashPolicy;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>RouteAction.hash_policy</c>.</summary>
internal static class HashPolicyDecoder
{
    internal static IReadOnlyList<HashPolicy> DecodeAll(RepeatedField<Proto> messages, DecodeContext context)
    {
        if (messages.Count == 0)
            return [];
        var result = new List<HashPolicy>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            using var scope = context.Field("hash_policy", i);
            if (Decode(messages[i], context) is { } policy)
                result.Add(policy);
        }

        return result;
    }

    private static HashPolicy? Decode(Proto message, DecodeContext context)
    {
        switch (message.PolicySpecifierCase)
        {
            case Proto.PolicySpecifierOneofCase.Header:
                return new HashPolicy.Header(HeaderNameDecoder.Decode(message.Header.HeaderName, "header.header_name", context), Rewrite(message, context), message.Terminal);
            case Proto.PolicySpecifierOneofCase.Cookie:
                return DecodeCookie(message.Cookie, message.Terminal, context);
            case Proto.PolicySpecifierOneofCase.ConnectionProperties:
                return message.ConnectionProperties.SourceIp ? new HashPolicy.SourceIp(message.Terminal) : null;
            case Proto.PolicySpecifierOneofCase.QueryParameter:
                return new HashPolicy.QueryParameter(message.QueryParameter.Name, message.Terminal);
            case Proto.PolicySpecifierOneofCase.FilterState:
                return new HashPolicy.FilterState(message.FilterState.Key, message.Terminal);
            default:
                context.Refuse("policy_specifier", "is required");
                return null;
        }
    }

    private static HashPolicy.Cookie DecodeCookie(Proto.Types.Cookie cookie, bool terminal, DecodeContext context)
    {
        if (cookie.Name.Length == 0)
            context.Refuse("cookie.name", "is required");
        var attributes = new List<KeyValuePair<string, string>>(cookie.Attributes.Count);
        foreach (var attribute in cookie.Attributes)
            attributes.Add(KeyValuePair.Create(attribute.Name, attribute.Value));
        return new HashPolicy.Cookie(cookie.Name, DurationDecoder.Decode(cookie.Ttl, "cookie.ttl", context), cookie.Path, attributes, terminal);
    }

    private static RegexSubstitution? Rewrite(Proto message, DecodeContext context) =>
        message.Header.RegexRewrite is null ? null : StringMatcherDecoder.DecodeSubstitution(message.Header.RegexRewrite, "header.regex_rewrite", context);
}
