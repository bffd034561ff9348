using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Routes;
using Waypoint.Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Waypoint.Xds.Decoding.Routes;
using RouteMatch = Waypoint.Protos.Envoy.Config.Route.V3.RouteMatch;

namespace Waypoint.Xds.Decoding.Filters;

/// <summary>Reads <c>envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication</c> and its settings per route.</summary>
internal static class JwtAuthnDecoder
{
    /// <summary>Reads the configuration of filter <paramref name="name"/>; the path stands at the filter.</summary>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static JwtAuthnFilterConfig? DecodeHttp(string name, Any config, DecodeContext context)
    {
        if (!context.TryRead(config, "typed_config", out JwtAuthentication? message))
            return null;
        using DecodeScope scope = context.Field("typed_config");
        return Decode(name, message, context);
    }

    /// <summary>Reads a value of <c>typed_per_filter_config</c>, at which the path stands.</summary>
    /// <returns>Null if the bytes are no such message; otherwise something that must not be used if there are problems.</returns>
    public static JwtRouteConfig? DecodePerRoute(Any config, DecodeContext context)
    {
        if (!context.TryRead(config, "", out PerRouteConfig? message))
            return null;
        switch (message.RequirementSpecifierCase)
        {
            case PerRouteConfig.RequirementSpecifierOneofCase.Disabled when message.Disabled:
                return new JwtRouteConfig(RequirementName: null);
            case PerRouteConfig.RequirementSpecifierOneofCase.RequirementName when message.RequirementName.Length > 0:
                return new JwtRouteConfig(message.RequirementName);
            default:
                context.Refuse("", "says nothing", accepted: "disabled that is true, or requirement_name");
                return null;
        }
    }

    /// <summary>Reads the message itself, at which the path stands.</summary>
    internal static JwtAuthnFilterConfig Decode(string name, JwtAuthentication message, DecodeContext context)
    {
        // The order of a map means nothing; that of the names decides which of two providers of one issuer is the first.
        var providers = new List<JwtProviderConfig>(message.Providers.Count);
        foreach (var (provider, settings) in message.Providers.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            using DecodeScope scope = context.Field($"providers['{provider}']");
            providers.Add(JwtProviderDecoder.Decode(provider, settings, context));
        }

        var requirements = new JwtRequirementDecoder(providers, context);
        Dictionary<string, Model.Filters.JwtAuthn.JwtRequirement> named = Named(message.RequirementMap, "requirement_map", requirements, context);
        var rules = new List<JwtRule>(message.Rules.Count);
        for (int i = 0; i < message.Rules.Count; i++)
        {
            using DecodeScope scope = context.Field("rules", i);
            rules.Add(Rule(message.Rules[i], named, requirements, context));
        }

        if (message.FilterStateRules is { Name.Length: 0 })
            context.Refuse("filter_state_rules.name", "is required");
        return new JwtAuthnFilterConfig(name)
        {
            Providers = providers,
            Rules = rules,
            FilterStateName = message.FilterStateRules?.Name ?? "",
            FilterStateRequirements = message.FilterStateRules is { } chosen ? Named(chosen.Requires, "filter_state_rules.requires", requirements, context) : [],
            NamedRequirements = named,
            BypassCorsPreflight = message.BypassCorsPreflight,
            StripFailureResponse = message.StripFailureResponse,
            StatPrefix = message.StatPrefix,
        };
    }

    private static Dictionary<string, Model.Filters.JwtAuthn.JwtRequirement> Named(
        IEnumerable<KeyValuePair<string, Protos.Envoy.Extensions.Filters.Http.JwtAuthn.V3.JwtRequirement>> messages, string field, JwtRequirementDecoder requirements, DecodeContext context)
    {
        var named = new Dictionary<string, Model.Filters.JwtAuthn.JwtRequirement>(StringComparer.Ordinal);
        foreach (var (name, message) in messages)
        {
            using DecodeScope scope = context.Field($"{field}['{name}']");
            named.Add(name, requirements.Decode(message));
        }

        return named;
    }

    private static JwtRule Rule(
        RequirementRule message, Dictionary<string, Model.Filters.JwtAuthn.JwtRequirement> named, JwtRequirementDecoder requirements, DecodeContext context)
    {
        RouteCondition condition = Condition(message.Match, context);
        switch (message.RequirementTypeCase)
        {
            case RequirementRule.RequirementTypeOneofCase.Requires:
                using (context.Field("requires"))
                    return new JwtRule(condition, requirements.Decode(message.Requires));
            case RequirementRule.RequirementTypeOneofCase.RequirementName:
                if (named.TryGetValue(message.RequirementName, out Model.Filters.JwtAuthn.JwtRequirement? requirement))
                    return new JwtRule(condition, requirement);
                context.RefuseValue("requirement_name", $"'{message.RequirementName}'", $"one of {string.Join(", ", named.Keys.Order(StringComparer.Ordinal))}");
                return new JwtRule(condition, null);
            default:
                return new JwtRule(condition, null);
        }
    }

    private static RouteCondition Condition(RouteMatch? match, DecodeContext context)
    {
        // Envoy passes over these here, so that the rule would hold for more requests than it says: neither reading of it is safe.
        if (match is { RuntimeFraction: not null } or { Grpc: not null } or { TlsContext: not null } or { DynamicMetadata.Count: > 0 } or { FilterState.Count: > 0 })
            context.Refuse("match", "has conditions that rules for tokens do not know", accepted: "path, headers and query_parameters");
        return RouteConditionDecoder.Decode(match, context).Condition;
    }
}
