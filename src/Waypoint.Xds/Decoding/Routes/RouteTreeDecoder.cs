using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.Matching;
using Waypoint.Model.Routes;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Route.V3;
using Waypoint.Protos.Envoy.Type.Matcher.V3;
using Waypoint.Xds.Decoding.Matching;
using Matcher = Waypoint.Protos.Xds.Type.Matcher.V3.Matcher;
using Predicate = Waypoint.Protos.Xds.Type.Matcher.V3.Matcher.Types.MatcherList.Types.Predicate;
using XdsExtension = Waypoint.Protos.Xds.Core.V3.TypedExtensionConfig;

namespace Waypoint.Xds.Decoding.Routes;

/// <summary>Decodes <c>VirtualHost.matcher</c>: lists and maps over request headers with routes as actions.</summary>
internal sealed class RouteTreeDecoder(RouteDecoder routes, DecodeContext context)
{
    private const int MaxDepth = 16;

    private static readonly RouteTree Placeholder = RouteTree.Leaf([]);
    private static readonly HeaderPredicate NoPredicate = HeaderPredicate.Any([]);

    private int _depth;

    internal RouteTree Decode(Matcher message, string name)
    {
        using var scope = context.Field(name);
        if (_depth == MaxDepth)
        {
            context.Refuse("", $"is nested deeper than {MaxDepth}");
            return Placeholder;
        }

        _depth++;
        var otherwise = message.OnNoMatch is null ? null : DecodeOnMatch(message.OnNoMatch, "on_no_match");
        var result = message.MatcherTypeCase switch
        {
            Matcher.MatcherTypeOneofCase.MatcherList => DecodeList(message.MatcherList, otherwise),
            Matcher.MatcherTypeOneofCase.MatcherTree => DecodeTree(message.MatcherTree, otherwise),
            _ => otherwise ?? Placeholder,
        };
        _depth--;
        return result;
    }

    private RouteTree DecodeOnMatch(Matcher.Types.OnMatch message, string name)
    {
        switch (message.OnMatchCase)
        {
            case Matcher.Types.OnMatch.OnMatchOneofCase.Matcher:
                return Decode(message.Matcher, $"{name}.matcher");
            case Matcher.Types.OnMatch.OnMatchOneofCase.Action:
                using (context.Field($"{name}.action.typed_config"))
                    return DecodeAction(message.Action.TypedConfig);
            default:
                context.Refuse(name, "has neither a matcher nor an action");
                return Placeholder;
        }
    }

    private RouteTree DecodeAction(Any? action)
    {
        if (action is not null && TypedConfig.NameOf(action) == ProtoName.Of<RouteList>())
            return context.TryRead(action, "", out RouteList? list) ? RouteTree.Leaf(routes.DecodeAll(list.Routes)) : Placeholder;
        return context.TryRead(action, "", out Waypoint.Protos.Envoy.Config.Route.V3.Route? route) ? RouteTree.Leaf([routes.Decode(route, 0)]) : Placeholder;
    }

    private RouteTree DecodeList(Matcher.Types.MatcherList message, RouteTree? otherwise)
    {
        var entries = new List<KeyValuePair<HeaderPredicate, RouteTree>>(message.Matchers.Count);
        for (var i = 0; i < message.Matchers.Count; i++)
        {
            using var scope = context.Field("matcher_list.matchers", i);
            var predicate = DecodePredicate(message.Matchers[i].Predicate, "predicate");
            if (message.Matchers[i].OnMatch is { } onMatch)
                entries.Add(KeyValuePair.Create(predicate, DecodeOnMatch(onMatch, "on_match")));
            else
                context.Refuse("on_match", "is required");
        }

        return RouteTree.List(entries, otherwise);
    }

    private RouteTree DecodeTree(Matcher.Types.MatcherTree message, RouteTree? otherwise)
    {
        using var scope = context.Field("matcher_tree");
        var header = DecodeInput(message.Input);
        switch (message.TreeTypeCase)
        {
            case Matcher.Types.MatcherTree.TreeTypeOneofCase.ExactMatchMap:
                return RouteTree.ExactMap(header, DecodeMap(message.ExactMatchMap, "exact_match_map"), otherwise);
            case Matcher.Types.MatcherTree.TreeTypeOneofCase.PrefixMatchMap:
                return RouteTree.PrefixMap(header, DecodeMap(message.PrefixMatchMap, "prefix_match_map"), otherwise);
            default:
                context.Refuse("tree_type", "is missing or of an unsupported kind", message.TreeTypeCase.ToString(), "exact_match_map or prefix_match_map");
                return Placeholder;
        }
    }

    private Dictionary<string, RouteTree> DecodeMap(Matcher.Types.MatcherTree.Types.MatchMap message, string name)
    {
        var result = new Dictionary<string, RouteTree>(StringComparer.Ordinal);
        foreach (var (key, onMatch) in message.Map)
            result[key] = DecodeOnMatch(onMatch, $"{name}['{key}']");
        return result;
    }

    /// <summary>A route is chosen before there is a response, so that only request headers can be asked.</summary>
    private string DecodeInput(XdsExtension? input) =>
        context.TryRead(input?.TypedConfig, "input.typed_config", out HttpRequestHeaderMatchInput? header)
            ? HeaderNameDecoder.Decode(header.HeaderName, "input.typed_config.header_name", context)
            : "";

    private HeaderPredicate DecodePredicate(Predicate? message, string name)
    {
        using var scope = context.Field(name);
        if (++_depth > MaxDepth)
        {
            context.Refuse("", $"is nested deeper than {MaxDepth}");
            _depth--;
            return NoPredicate;
        }

        var result = message?.MatchTypeCase switch
        {
            Predicate.MatchTypeOneofCase.SinglePredicate => DecodeSingle(message.SinglePredicate),
            Predicate.MatchTypeOneofCase.AndMatcher => HeaderPredicate.All(DecodeParts(message.AndMatcher, "and_matcher.predicate")),
            Predicate.MatchTypeOneofCase.OrMatcher => HeaderPredicate.Any(DecodeParts(message.OrMatcher, "or_matcher.predicate")),
            Predicate.MatchTypeOneofCase.NotMatcher => HeaderPredicate.Not(DecodePredicate(message.NotMatcher, "not_matcher")),
            _ => null,
        };
        _depth--;
        if (result is null)
            context.Refuse("", "is required");
        return result ?? NoPredicate;
    }

    private HeaderPredicate[] DecodeParts(Predicate.Types.PredicateList message, string name)
    {
        var result = new HeaderPredicate[message.Predicate.Count];
        for (var i = 0; i < result.Length; i++)
            result[i] = DecodePredicate(message.Predicate[i], $"{name}[{i}]");
        return result;
    }

    private HeaderPredicate DecodeSingle(Predicate.Types.SinglePredicate message)
    {
        using var scope = context.Field("single_predicate");
        var header = DecodeInput(message.Input);
        if (message.MatcherCase == Predicate.Types.SinglePredicate.MatcherOneofCase.ValueMatch)
            return HeaderPredicate.Value(header, XdsStringMatcherDecoder.Decode(message.ValueMatch, "value_match", context));
        context.Refuse("matcher", "is missing or of an unsupported kind", message.MatcherCase.ToString(), "value_match");
        return NoPredicate;
    }
}
