using Waypoint.Model.Hashing;
using Waypoint.Protos.Envoy.Config.Listener.V3;

namespace Waypoint.Xds.Decoding.Listeners;

/// <summary>A serialised <c>Listener</c> cut into its filter chains, its matcher and the rest, each with a hash. <c>main_internal</c> holds every service of the
/// waypoint; only what changed of it is parsed (design D3).</summary>
internal sealed class ListenerParts
{
    private ListenerParts(List<ChainPart> chains, List<Range> rest, ContentHash restHash, Range? matcher, ContentHash matcherHash)
    {
        Chains = chains;
        Rest = rest;
        RestHash = restHash;
        Matcher = matcher;
        MatcherHash = matcherHash;
    }

    /// <summary>The elements of <c>filter_chains</c> in order.</summary>
    public IReadOnlyList<ChainPart> Chains { get; }

    /// <summary>Every other field except the matcher, tags included.</summary>
    public IReadOnlyList<Range> Rest { get; }

    /// <summary>Hash over <see cref="Rest"/>.</summary>
    public ContentHash RestHash { get; }

    /// <summary>Content of <c>filter_chain_matcher</c>.</summary>
    public Range? Matcher { get; }

    /// <summary>Hash of the matcher; zero if there is none.</summary>
    public ContentHash MatcherHash { get; }

    /// <summary>Cuts a listener; null if the bytes are none, or hold two matchers.</summary>
    public static ListenerParts? Cut(ReadOnlySpan<byte> listener)
    {
        var chains = new List<ChainPart>();
        var rest = new List<Range>();
        Range? matcher = null;
        ContentHash restHash = ContentHash.None;
        var fields = new WireFields(listener);
        while (fields.TryNext(out int number, out Range field, out Range content))
        {
            switch (number)
            {
                case Listener.FilterChainsFieldNumber:
                    chains.Add(new ChainPart(content, ContentHash.Of(listener[content])));
                    break;
                case Listener.FilterChainMatcherFieldNumber:
                    if (matcher is not null)
                        return null;
                    matcher = content;
                    break;
                default:
                    rest.Add(field);
                    restHash = ContentHash.Of(listener[field], restHash);
                    break;
            }
        }

        if (fields.Malformed)
            return null;
        return new ListenerParts(chains, rest, restHash, matcher, matcher is { } found ? ContentHash.Of(listener[found]) : ContentHash.None);
    }

    /// <summary>The name of a serialised filter chain; empty if it has none or the bytes are no message.</summary>
    public static string ChainName(ReadOnlySpan<byte> chain)
    {
        string name = "";
        var fields = new WireFields(chain);
        while (fields.TryNext(out int number, out _, out Range content))
        {
            if (number == FilterChain.NameFieldNumber)
                name = SharedText.OfUtf8(chain[content]);
        }

        return fields.Malformed ? "" : name;
    }

    /// <summary>One filter chain.</summary>
    /// <param name="Content">Where its message lies.</param>
    /// <param name="Hash">Of the message.</param>
    public readonly record struct ChainPart(Range Content, ContentHash Hash);
}
