using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Authorization;
using Waypoint.Protos;
using HttpRbac = Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;
using HttpRbacPerRoute = Waypoint.Protos.Envoy.Extensions.Filters.Http.Rbac.V3.RBACPerRoute;
using NetworkRbac = Waypoint.Protos.Envoy.Extensions.Filters.Network.Rbac.V3.RBAC;

namespace Waypoint.Xds.Decoding.Authorization;

/// <summary>Reads RBAC filters. Whatever is not understood in one, down to a single unknown field, is a problem: a rule that nobody sees is a rule that nobody enforces.</summary>
public static class RbacDecoder
{
    private const string TypedConfigField = "typed_config";

    /// <summary>Reads <c>envoy.extensions.filters.http.rbac.v3.RBAC</c>.</summary>
    /// <param name="name"><c>HttpFilter.name</c>.</param>
    /// <param name="config">Its <c>typed_config</c>.</param>
    /// <param name="context">Where problems go; its path stands at the filter.</param>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static RbacFilterConfig? DecodeHttp(string name, Any config, DecodeContext context)
    {
        if (!context.TryRead(config, TypedConfigField, out HttpRbac? message))
            return null;
        using DecodeScope scope = context.Field(TypedConfigField);
        RbacRules rules = Decode(message, context);
        context.Check(config.Value.Span, ProtoName.Of<HttpRbac>());
        return new RbacFilterConfig(name, rules);
    }

    /// <summary>Reads <c>envoy.extensions.filters.http.rbac.v3.RBACPerRoute</c>, a value of <c>typed_per_filter_config</c>.</summary>
    /// <param name="config">The value.</param>
    /// <param name="context">Where problems go; its path stands at the value.</param>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static RbacRouteConfig? DecodePerRoute(Any config, DecodeContext context)
    {
        if (!context.TryRead(config, "", out HttpRbacPerRoute? message))
            return null;
        RbacRules rules = RbacRules.None;
        if (message.Rbac is not null)
        {
            using DecodeScope scope = context.Field("rbac");
            rules = Decode(message.Rbac, context);
        }

        context.Check(config.Value.Span, ProtoName.Of<HttpRbacPerRoute>());
        return new RbacRouteConfig(rules);
    }

    /// <summary>Reads <c>envoy.extensions.filters.network.rbac.v3.RBAC</c>.</summary>
    /// <param name="name"><c>Filter.name</c>.</param>
    /// <param name="config">Its <c>typed_config</c>.</param>
    /// <param name="context">Where problems go; its path stands at the filter.</param>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static NetworkRbacFilterConfig? DecodeNetwork(string name, Any config, DecodeContext context)
    {
        if (!context.TryRead(config, TypedConfigField, out NetworkRbac? message))
            return null;
        using DecodeScope scope = context.Field(TypedConfigField);
        var rules = new RbacRules(
            RbacEngineDecoder.Decode(message.Rules, "rules", message.Matcher, "matcher", context),
            RbacEngineDecoder.Decode(message.ShadowRules, "shadow_rules", message.ShadowMatcher, "shadow_matcher", context))
        {
            ShadowPrefix = message.ShadowRulesStatPrefix,
        };
        context.Check(config.Value.Span, ProtoName.Of<NetworkRbac>());
        return new NetworkRbacFilterConfig(name, rules, message.StatPrefix, message.EnforcementType == NetworkRbac.Types.EnforcementType.Continuous);
    }

    private static RbacRules Decode(HttpRbac message, DecodeContext context)
    {
        if (message.TrackPerRuleStats)
            context.Ignore("track_per_rule_stats", "policies are not counted one by one");
        return new RbacRules(
            RbacEngineDecoder.Decode(message.Rules, "rules", message.Matcher, "matcher", context),
            RbacEngineDecoder.Decode(message.ShadowRules, "shadow_rules", message.ShadowMatcher, "shadow_matcher", context))
        {
            EnforcedPrefix = message.RulesStatPrefix,
            ShadowPrefix = message.ShadowRulesStatPrefix,
        };
    }
}
