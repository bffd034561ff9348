using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Waypoint.Model.Authorization;

/// <summary>One node of a matcher tree (<c>xds.type.matcher.v3.Matcher</c>). Branches are tried best first; one whose nested matcher yields nothing counts as not
/// taken. Immutable.</summary>
public abstract class RbacMatchNode
{
    private readonly RbacMatchResult? _otherwise;

    private RbacMatchNode(RbacMatchResult? otherwise) => _otherwise = otherwise;

    /// <summary><c>matcher_list</c>: the first predicate that holds.</summary>
    public sealed class Choices(IReadOnlyList<(RbacMatchPredicate Predicate, RbacMatchResult Result)> choices, RbacMatchResult? otherwise) : RbacMatchNode(otherwise)
    {
        internal readonly ImmutableArray<(RbacMatchPredicate Predicate, RbacMatchResult Result)> Items = [.. choices];
    }

    /// <summary><c>matcher_tree.exact_match_map</c>.</summary>
    public sealed class ExactValues(RbacMatchInput input, IReadOnlyDictionary<string, RbacMatchResult> values, RbacMatchResult? otherwise) : RbacMatchNode(otherwise)
    {
        internal readonly RbacMatchInput Input = input;
        internal readonly FrozenDictionary<string, RbacMatchResult> Values = values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary><c>matcher_tree.prefix_match_map</c>: the longest prefix.</summary>
    public sealed class Prefixes(RbacMatchInput input, IReadOnlyDictionary<string, RbacMatchResult> values, RbacMatchResult? otherwise) : RbacMatchNode(otherwise)
    {
        internal readonly RbacMatchInput Input = input;
        internal readonly ImmutableArray<KeyValuePair<string, RbacMatchResult>> Items = [.. values.OrderByDescending(static p => p.Key.Length)];
    }

    /// <summary><c>matcher_tree</c> with an <c>IPMatcher</c>: the narrowest block.</summary>
    public sealed class Addresses(RbacMatchInput input, IReadOnlyList<(AddressBlock Block, bool Exclusive, RbacMatchResult Result)> blocks, RbacMatchResult? otherwise)
        : RbacMatchNode(otherwise)
    {
        internal readonly RbacMatchInput Input = input;
        internal readonly ImmutableArray<(AddressBlock Block, bool Exclusive, RbacMatchResult Result)> Items = [.. blocks.OrderByDescending(static b => b.Block.PrefixLength)];
    }

    internal static RbacMatchResult.Decision? Find<TContext>(RbacMatchNode node, in TContext context)
        where TContext : struct, IAuthorizationView
        => FindBranch(node, in context) ?? Follow(node._otherwise, in context);

    private static RbacMatchResult.Decision? Follow<TContext>(RbacMatchResult? result, in TContext context)
        where TContext : struct, IAuthorizationView
        => result is RbacMatchResult.Descend descend ? Find(descend.Node, in context) : result as RbacMatchResult.Decision;

    private static RbacMatchResult.Decision? FindBranch<TContext>(RbacMatchNode node, in TContext context)
        where TContext : struct, IAuthorizationView
        => node switch
        {
            Choices list => FindChoice(list, in context),
            ExactValues map => FindExact(map, in context),
            Prefixes prefixes => FindPrefix(prefixes, in context),
            Addresses addresses => FindAddress(addresses, in context),
            _ => throw new InvalidOperationException("A form of node that the evaluator does not know: " + node.GetType().Name),
        };

    private static RbacMatchResult.Decision? FindChoice<TContext>(Choices list, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        foreach ((RbacMatchPredicate predicate, RbacMatchResult result) in list.Items)
        {
            if (RbacMatchPredicate.Matches(predicate, in context) && Follow(result, in context) is { } decision)
                return decision;
        }

        return null;
    }

    private static RbacMatchResult.Decision? FindExact<TContext>(ExactValues map, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        Span<char> scratch = stackalloc char[RbacMatchInput.ScratchLength];
        return map.Input.TryRead(in context, scratch, out ReadOnlySpan<char> value)
            && map.Values.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(value, out RbacMatchResult? result)
            ? Follow(result, in context)
            : null;
    }

    private static RbacMatchResult.Decision? FindPrefix<TContext>(Prefixes prefixes, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        Span<char> scratch = stackalloc char[RbacMatchInput.ScratchLength];
        if (!prefixes.Input.TryRead(in context, scratch, out ReadOnlySpan<char> value))
            return null;
        foreach ((string prefix, RbacMatchResult result) in prefixes.Items)
        {
            if (value.StartsWith(prefix, StringComparison.Ordinal) && Follow(result, in context) is { } decision)
                return decision;
        }

        return null;
    }

    private static RbacMatchResult.Decision? FindAddress<TContext>(Addresses addresses, in TContext context)
        where TContext : struct, IAuthorizationView
    {
        foreach ((AddressBlock block, bool exclusive, RbacMatchResult result) in addresses.Items)
        {
            if (!block.Contains(addresses.Input.ReadAddress(in context)))
                continue;
            RbacMatchResult.Decision? decision = Follow(result, in context);
            if (decision is not null || exclusive)
                return decision;
        }

        return null;
    }
}
