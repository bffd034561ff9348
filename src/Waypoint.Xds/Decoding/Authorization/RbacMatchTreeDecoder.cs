using Google.Protobuf.Collections;
using Waypoint.Model.Authorization;
using Waypoint.Protos.Xds.Core.V3;
using Waypoint.Protos.Xds.Type.Matcher.V3;
using Action = Waypoint.Protos.Envoy.Config.Rbac.V3.Action;

namespace Waypoint.Xds.Decoding.Authorization;

/// <summary>Reads the matcher form of an RBAC filter (<c>xds.type.matcher.v3.Matcher</c> with <c>envoy.config.rbac.v3.Action</c> at its leaves).</summary>
internal sealed class RbacMatchTreeDecoder
{
    /// <summary>Deeper trees are refused: walking one takes as much stack.</summary>
    private const int MaxDepth = 32;

    private static readonly RbacMatchResult DenyAll = new RbacMatchResult.Decision("", RbacAction.Deny);
    private static readonly RbacMatchNode Nothing = new RbacMatchNode.Choices([], null);

    private readonly DecodeContext _context;
    private bool _hasLogAction;
    private int _depth;

    private RbacMatchTreeDecoder(DecodeContext context) => _context = context;

    /// <summary>Reads a tree.</summary>
    public static RbacMatchTree Decode(Matcher matcher, DecodeContext context)
    {
        var decoder = new RbacMatchTreeDecoder(context);
        RbacMatchNode root = decoder.DecodeNode(matcher);
        return new RbacMatchTree(root, decoder._hasLogAction);
    }

    private RbacMatchNode DecodeNode(Matcher matcher)
    {
        if (++_depth > MaxDepth)
        {
            _context.Refuse("", $"is nested deeper than {MaxDepth}");
            _depth--;
            return Nothing;
        }

        RbacMatchResult? otherwise = matcher.OnNoMatch is null ? null : DecodeResult(matcher.OnNoMatch, "on_no_match");
        RbacMatchNode node = matcher.MatcherTypeCase switch
        {
            Matcher.MatcherTypeOneofCase.MatcherList => DecodeList(matcher.MatcherList, otherwise),
            Matcher.MatcherTypeOneofCase.MatcherTree => DecodeTree(matcher.MatcherTree, otherwise),
            _ => new RbacMatchNode.Choices([], otherwise),
        };
        _depth--;
        return node;
    }

    private RbacMatchResult DecodeResult(Matcher.Types.OnMatch? match, string field)
    {
        using DecodeScope scope = _context.Field(field);
        switch (match?.OnMatchCase ?? Matcher.Types.OnMatch.OnMatchOneofCase.None)
        {
            case Matcher.Types.OnMatch.OnMatchOneofCase.Matcher:
                using (_context.Field("matcher"))
                    return new RbacMatchResult.Descend(DecodeNode(match!.Matcher));
            case Matcher.Types.OnMatch.OnMatchOneofCase.Action:
                using (_context.Field("action"))
                    return DecodeAction(match!.Action);
            default:
                _context.Refuse("", "says nothing", accepted: "matcher or action");
                return DenyAll;
        }
    }

    private RbacMatchResult DecodeAction(TypedExtensionConfig extension)
    {
        if (!_context.TryRead(extension.TypedConfig, "typed_config", out Action? action))
            return DenyAll;
        using DecodeScope scope = _context.Field("typed_config");
        if (action.Name.Length == 0)
            _context.Refuse("name", "is required");
        RbacAction decision = RbacEngineDecoder.DecodeAction(action.Action_, _context);
        _hasLogAction |= decision == RbacAction.Log;
        return new RbacMatchResult.Decision(action.Name, decision);
    }

    private RbacMatchNode.Choices DecodeList(Matcher.Types.MatcherList list, RbacMatchResult? otherwise)
    {
        using DecodeScope scope = _context.Field("matcher_list");
        var choices = new (RbacMatchPredicate, RbacMatchResult)[list.Matchers.Count];
        for (int i = 0; i < choices.Length; i++)
        {
            using DecodeScope item = _context.Field("matchers", i);
            using (_context.Field("predicate"))
                choices[i].Item1 = DecodePredicate(list.Matchers[i].Predicate, 0);
            choices[i].Item2 = DecodeResult(list.Matchers[i].OnMatch, "on_match");
        }

        return new RbacMatchNode.Choices(choices, otherwise);
    }

    private RbacMatchPredicate DecodePredicate(Matcher.Types.MatcherList.Types.Predicate? predicate, int depth)
    {
        if (depth > MaxDepth)
        {
            _context.Refuse("", $"is nested deeper than {MaxDepth}");
            return new RbacMatchPredicate.AnyOf([]);
        }

        switch (predicate?.MatchTypeCase)
        {
            case Matcher.Types.MatcherList.Types.Predicate.MatchTypeOneofCase.SinglePredicate:
                using (_context.Field("single_predicate"))
                    return DecodeSingle(predicate.SinglePredicate);
            case Matcher.Types.MatcherList.Types.Predicate.MatchTypeOneofCase.AndMatcher:
                return new RbacMatchPredicate.All(DecodePredicates(predicate.AndMatcher.Predicate, "and_matcher", depth));
            case Matcher.Types.MatcherList.Types.Predicate.MatchTypeOneofCase.OrMatcher:
                return new RbacMatchPredicate.AnyOf(DecodePredicates(predicate.OrMatcher.Predicate, "or_matcher", depth));
            case Matcher.Types.MatcherList.Types.Predicate.MatchTypeOneofCase.NotMatcher:
                using (_context.Field("not_matcher"))
                    return new RbacMatchPredicate.Not(DecodePredicate(predicate.NotMatcher, depth + 1));
            default:
                _context.Refuse("", "has no condition");
                return new RbacMatchPredicate.AnyOf([]);
        }
    }

    private RbacMatchPredicate[] DecodePredicates(RepeatedField<Matcher.Types.MatcherList.Types.Predicate> predicates, string field, int depth)
    {
        using DecodeScope scope = _context.Field(field);
        var decoded = new RbacMatchPredicate[predicates.Count];
        for (int i = 0; i < decoded.Length; i++)
        {
            using DecodeScope item = _context.Field("predicate", i);
            decoded[i] = DecodePredicate(predicates[i], depth + 1);
        }

        return decoded;
    }

    private RbacMatchPredicate DecodeSingle(Matcher.Types.MatcherList.Types.Predicate.Types.SinglePredicate single)
    {
        if (single.MatcherCase == Matcher.Types.MatcherList.Types.Predicate.Types.SinglePredicate.MatcherOneofCase.CustomMatch)
            return DecodeCondition(single);
        RbacMatchInput input = RbacMatchInputDecoder.Decode(single.Input, _context);
        return new RbacMatchPredicate.Text(input, XdsStringMatcherDecoder.Decode(single.ValueMatch, "value_match", _context));
    }

    /// <summary>An expression brings its own attributes; its input only says that it has all of the request's.</summary>
    private RbacMatchPredicate.Condition DecodeCondition(Matcher.Types.MatcherList.Types.Predicate.Types.SinglePredicate single)
    {
        _ = _context.TryRead(single.Input?.TypedConfig, "input.typed_config", out HttpAttributesCelMatchInput? _);
        using DecodeScope scope = _context.Field("custom_match.typed_config");
        if (!_context.TryRead(single.CustomMatch.TypedConfig, "", out CelMatcher? cel))
            return new RbacMatchPredicate.Condition(new ConditionExpression.Constant(default));
        if (cel.ExprMatch?.ParsedExpr?.Expr is { } expression)
            return new RbacMatchPredicate.Condition(ConditionDecoder.Decode(expression, _context));
        _context.Refuse("expr_match", "has no parsed_expr");
        return new RbacMatchPredicate.Condition(new ConditionExpression.Constant(default));
    }

    private RbacMatchNode DecodeTree(Matcher.Types.MatcherTree tree, RbacMatchResult? otherwise)
    {
        using DecodeScope scope = _context.Field("matcher_tree");
        RbacMatchInput input = RbacMatchInputDecoder.Decode(tree.Input, _context);
        switch (tree.TreeTypeCase)
        {
            case Matcher.Types.MatcherTree.TreeTypeOneofCase.ExactMatchMap:
                return new RbacMatchNode.ExactValues(input, DecodeMap(tree.ExactMatchMap, "exact_match_map"), otherwise);
            case Matcher.Types.MatcherTree.TreeTypeOneofCase.PrefixMatchMap:
                return new RbacMatchNode.Prefixes(input, DecodeMap(tree.PrefixMatchMap, "prefix_match_map"), otherwise);
            case Matcher.Types.MatcherTree.TreeTypeOneofCase.CustomMatch:
                return DecodeAddresses(tree, input, otherwise);
            default:
                _context.Refuse("", "has no branches", accepted: "exact_match_map, prefix_match_map, custom_match");
                return Nothing;
        }
    }

    private Dictionary<string, RbacMatchResult> DecodeMap(Matcher.Types.MatcherTree.Types.MatchMap map, string field)
    {
        using DecodeScope scope = _context.Field(field);
        var decoded = new Dictionary<string, RbacMatchResult>(map.Map.Count, StringComparer.Ordinal);
        foreach ((string key, Matcher.Types.OnMatch match) in map.Map)
            decoded[key] = DecodeResult(match, $"map['{key}']");
        return decoded;
    }

    private RbacMatchNode.Addresses DecodeAddresses(Matcher.Types.MatcherTree tree, RbacMatchInput input, RbacMatchResult? otherwise)
    {
        List<(AddressBlock, bool, RbacMatchResult)> blocks = [];
        using DecodeScope scope = _context.Field("custom_match.typed_config");
        if (input.Kind is not (RbacMatchInputKind.DestinationAddress or RbacMatchInputKind.SourceAddress or RbacMatchInputKind.DirectSourceAddress))
            _context.Refuse("", "needs an address as input");
        if (_context.TryRead(tree.CustomMatch.TypedConfig, "", out IPMatcher? matcher))
        {
            for (int i = 0; i < matcher.RangeMatchers.Count; i++)
            {
                using DecodeScope item = _context.Field("range_matchers", i);
                RbacMatchResult result = DecodeResult(matcher.RangeMatchers[i].OnMatch, "on_match");
                foreach (CidrRange range in matcher.RangeMatchers[i].Ranges)
                {
                    if (AddressBlock.TryCreate(range.AddressPrefix, range.PrefixLen ?? 0, out AddressBlock block))
                        blocks.Add((block, matcher.RangeMatchers[i].Exclusive, result));
                    else
                        _context.RefuseValue("ranges.address_prefix", $"'{range.AddressPrefix}'", "an IPv4 or IPv6 address");
                }
            }
        }

        return new RbacMatchNode.Addresses(input, blocks, otherwise);
    }
}
