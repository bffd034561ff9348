using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Waypoint.Model.FilterChains;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Extensions.Matching.CommonInputs.Network.V3;
using Waypoint.Protos.Xds.Core.V3;
using Waypoint.Protos.Xds.Type.Matcher.V3;
using MatcherTree = Waypoint.Protos.Xds.Type.Matcher.V3.Matcher.Types.MatcherTree;
using OnMatch = Waypoint.Protos.Xds.Type.Matcher.V3.Matcher.Types.OnMatch;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary><c>Listener.filter_chain_matcher</c> to a tree of <see cref="FilterChainMatcher"/>. Knows the forms that istiod sends; everything else is refused, because a
/// matcher that is read wrongly sends a connection past its policies.</summary>
internal sealed class FilterChainMatcherDecoder(DecodeContext context)
{
    private const int MaxDepth = 16;
    private const string AuthorityKey = "io.istio.connect_authority";
    private const string SourceKey = "io.istio.source";
    private int _depth;

    /// <summary>Decodes a matcher; with problems in the context the result must not be used.</summary>
    public FilterChainMatcher? Decode(Matcher matcher)
    {
        if (_depth >= MaxDepth)
        {
            context.Refuse("", $"the matcher is nested deeper than {MaxDepth}");
            return null;
        }

        _depth++;
        FilterChainMatcher? otherwise = matcher.OnNoMatch is null ? null : Next(matcher.OnNoMatch, "on_no_match");
        FilterChainMatcher? decoded = null;
        if (matcher.MatcherTypeCase != Matcher.MatcherTypeOneofCase.MatcherTree)
        {
            context.RefuseValue("matcher_type", matcher.MatcherTypeCase.ToString(), "matcher_tree");
        }
        else
        {
            using DecodeScope scope = context.Field("matcher_tree");
            decoded = Tree(matcher.MatcherTree, otherwise);
        }

        _depth--;
        return decoded;
    }

    private FilterChainMatcher? Tree(MatcherTree tree, FilterChainMatcher? otherwise)
    {
        string input = tree.Input?.TypedConfig is { } any ? TypedConfig.NameOf(any) : "";
        if (input == ProtoName.Of<DestinationIPInput>())
            return Addresses(tree, otherwise);
        if (input == ProtoName.Of<DestinationPortInput>())
            return Ports(tree, otherwise);
        if (input == ProtoName.Of<ApplicationProtocolInput>())
            return new ApplicationProtocolMatcher(Map(tree), otherwise);
        if (input == ProtoName.Of<FilterStateInput>())
            return State(tree, otherwise);

        context.RefuseValue("input", $"of type '{input}'", "destination address, destination port, application protocol or filter state");
        return null;
    }

    private DestinationAddressMatcher? Addresses(MatcherTree tree, FilterChainMatcher? otherwise)
    {
        if (tree.TreeTypeCase != MatcherTree.TreeTypeOneofCase.CustomMatch)
        {
            context.RefuseValue("tree_type", tree.TreeTypeCase.ToString(), "custom_match with an IPMatcher");
            return null;
        }

        if (!context.TryRead(tree.CustomMatch.TypedConfig, "custom_match.typed_config", out IPMatcher? matcher))
            return null;

        var ranges = new List<AddressRange>(matcher.RangeMatchers.Count);
        for (int i = 0; i < matcher.RangeMatchers.Count; i++)
        {
            using DecodeScope scope = context.Field("range_matchers", i);
            IPMatcher.Types.IPRangeMatcher range = matcher.RangeMatchers[i];
            if (Next(range.OnMatch, "on_match") is not { } next)
                continue;
            foreach (CidrRange sent in range.Ranges)
            {
                if (Prefix(sent) is { } prefix)
                    ranges.Add(new AddressRange(prefix.Address, prefix.Length, next, range.Exclusive));
            }
        }

        return new DestinationAddressMatcher(ranges, otherwise);
    }

    private (IPAddress Address, int Length)? Prefix(CidrRange range)
    {
        if (!AddressText.TryParse(range.AddressPrefix, out IPAddress? address))
        {
            context.RefuseValue("ranges.address_prefix", $"'{range.AddressPrefix}'", "an IP address");
            return null;
        }

        uint bits = address.AddressFamily == AddressFamily.InterNetwork ? 32u : 128u;
        // The message's default is zero: everything.
        return (address, (int)context.ReadNumber(range.PrefixLen, "ranges.prefix_len", 0, 0, bits));
    }

    private DestinationPortMatcher Ports(MatcherTree tree, FilterChainMatcher? otherwise)
    {
        var ports = new Dictionary<int, FilterChainMatcher>();
        foreach (KeyValuePair<string, FilterChainMatcher> entry in Map(tree))
        {
            if (int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort)
                ports[port] = entry.Value;
            else
                context.RefuseValue("exact_match_map", $"'{entry.Key}'", "a port number");
        }

        return new DestinationPortMatcher(ports, otherwise);
    }

    private TunnelStateMatcher? State(MatcherTree tree, FilterChainMatcher? otherwise)
    {
        if (!context.TryRead(tree.Input.TypedConfig, "input.typed_config", out FilterStateInput? input))
            return null;
        if (input.Key is AuthorityKey or SourceKey)
            return new TunnelStateMatcher(input.Key == AuthorityKey ? TunnelState.ConnectAuthority : TunnelState.Source, Map(tree), otherwise);
        context.RefuseValue("input.typed_config.key", $"'{input.Key}'", $"{AuthorityKey} or {SourceKey}");
        return null;
    }

    private Dictionary<string, FilterChainMatcher> Map(MatcherTree tree)
    {
        var map = new Dictionary<string, FilterChainMatcher>(StringComparer.Ordinal);
        if (tree.TreeTypeCase != MatcherTree.TreeTypeOneofCase.ExactMatchMap)
        {
            context.RefuseValue("tree_type", tree.TreeTypeCase.ToString(), "exact_match_map");
            return map;
        }

        using DecodeScope scope = context.Field("exact_match_map");
        foreach (KeyValuePair<string, OnMatch> entry in tree.ExactMatchMap.Map)
        {
            if (Next(entry.Value, entry.Key) is { } next)
                map[entry.Key] = next;
        }

        return map;
    }

    private FilterChainMatcher? Next(OnMatch? onMatch, string field)
    {
        using DecodeScope scope = context.Field(field);
        switch (onMatch?.OnMatchCase)
        {
            case OnMatch.OnMatchOneofCase.Matcher:
                return Decode(onMatch.Matcher);
            case OnMatch.OnMatchOneofCase.Action:
                return context.TryRead(onMatch.Action.TypedConfig, "action.typed_config", out StringValue? name) ? new FixedChainMatcher(SharedText.Of(name.Value)) : null;
            default:
                context.RefuseValue("", "absent", "a matcher or an action");
                return null;
        }
    }
}
