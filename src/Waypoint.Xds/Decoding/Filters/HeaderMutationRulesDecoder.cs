using Waypoint.Protos.Envoy.Config.Common.MutationRules.V3;
using Waypoint.Protos.Envoy.Type.Matcher.V3;
using Waypoint.Xds.Decoding.Matching;
using StringMatcher = Waypoint.Model.Matching.StringMatcher;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads <c>envoy.config.common.mutation_rules.v3.HeaderMutationRules</c>. Always returns something; after a problem it must not be used.</summary>
internal static class HeaderMutationRulesDecoder
{
    /// <summary>Reads field <paramref name="name"/> of the current message.</summary>
    public static Model.Headers.HeaderMutationRules Decode(HeaderMutationRules message, string name, DecodeContext context)
    {
        using DecodeScope scope = context.Field(name);
        return new Model.Headers.HeaderMutationRules
        {
            AllowRouting = message.AllowAllRouting ?? false,
            AllowEnvoy = message.AllowEnvoy ?? false,
            DisallowSystem = message.DisallowSystem ?? false,
            DisallowAll = message.DisallowAll ?? false,
            Allowed = Expression(message.AllowExpression, "allow_expression", context),
            Disallowed = Expression(message.DisallowExpression, "disallow_expression", context),
            DisallowIsError = message.DisallowIsError ?? false,
        };
    }

    private static StringMatcher? Expression(RegexMatcher? message, string field, DecodeContext context) =>
        message is null ? null : StringMatcherDecoder.DecodeRegex(message, field, context);
}
