using Google.Protobuf;
using Waypoint.Model.FilterChains;
using Waypoint.Model.Hashing;
using Waypoint.Protos;
using Waypoint.Protos.Envoy.Config.Listener.V3;
using Waypoint.Protos.Xds.Type.Matcher.V3;
using Waypoint.Xds.Decoding;
using Waypoint.Xds.Decoding.Listeners;

namespace Waypoint.Xds.Store;

/// <summary>Listener <c>main_internal</c>: every filter chain is a resource of its own here, with its own last good version; matcher and the rest stand or fall together.
/// Not thread-safe.</summary>
internal sealed class MainListenerStore
{
    private const string Subject = "Listener '" + FixedNames.MainInternal + "'";

    private readonly LastGood<DecodedChain> _chains = new();
    private Frame _frame = Frame.None;

    /// <summary>The state of the listener; a new object after every change.</summary>
    public ChainSet Current { get; private set; } = ChainSet.Empty;

    /// <summary>Why the listener as a whole was refused while it had no earlier version; null otherwise.</summary>
    public string? RefusedBecause { get; private set; }

    /// <summary>Chains that were parsed and decoded since the start, to show what a push costs.</summary>
    public long DecodedChains { get; private set; }

    /// <summary>Takes a version of the listener; returns true if anything changed.</summary>
    public bool Apply(ByteString bytes, Refusals refusals, Action<DecodeContext> decoded)
    {
        ReadOnlySpan<byte> listener = bytes.Span;
        var context = new DecodeContext(Subject);
        ListenerParts? parts = ListenerParts.Cut(listener);
        Frame? frame = null;
        if (parts is null)
            context.Refuse("", "the bytes are no Listener with one matcher");
        else if (_frame.Holds(parts))
            frame = _frame;
        else
            frame = DecodeFrame(listener, parts, context);

        if (parts is null || frame is null)
        {
            // Without its matcher nobody can tell which chain serves what: the listener stays as it was, chains included.
            decoded(context);
            string why = Refusals.Describe(context);
            refusals.Add(FixedNames.MainInternal, why);
            bool first = ReferenceEquals(_frame, Frame.None) && RefusedBecause != why;
            RefusedBecause = ReferenceEquals(_frame, Frame.None) ? why : null;
            return first;
        }

        bool changed = !ReferenceEquals(frame, _frame) | ApplyChains(listener, parts, refusals, decoded);
        _frame = frame;
        RefusedBecause = null;
        decoded(context);
        if (changed)
            Current = new ChainSet(Versions(), frame.Matcher, frame.UninspectedPorts, frame.AccessLogEnabled);
        return changed;
    }

    /// <summary>The listener is gone.</summary>
    public void Clear()
    {
        foreach (string name in _chains.Names.ToArray())
            _chains.Remove(name);
        _frame = Frame.None;
        RefusedBecause = null;
        Current = ChainSet.Empty;
    }

    private bool ApplyChains(ReadOnlySpan<byte> listener, ListenerParts parts, Refusals refusals, Action<DecodeContext> decoded)
    {
        bool changed = false, allNamed = true;
        _chains.Expect(parts.Chains.Count);
        var sent = new HashSet<string>(parts.Chains.Count, StringComparer.Ordinal);
        foreach (ListenerParts.ChainPart part in parts.Chains)
        {
            ReadOnlySpan<byte> content = listener[part.Content];
            string name = ListenerParts.ChainName(content);
            if (name.Length == 0 || !sent.Add(name))
            {
                refusals.Add(FixedNames.MainInternal, $"{Subject}: filter_chains.name is '{name}'; accepted a name that no other chain has");
                allNamed = false;
                continue;
            }

            if (!_chains.IsUnchanged(name, part.Hash))
            {
                changed = true;
                DecodeChain(name, content, part.Hash, decoded);
            }

            if (_chains.RefusalOf(name) is { } refusal)
                refusals.Add(FixedNames.MainInternal, refusal);
        }

        // A chain without a readable name may be the newest version of any that is missing: then nothing is taken for removed.
        if (!allNamed || _chains.Names.Count == sent.Count)
            return changed;
        foreach (string name in _chains.Names.Where(name => !sent.Contains(name)).ToArray())
            _chains.Remove(name);
        return true;
    }

    private void DecodeChain(string name, ReadOnlySpan<byte> content, ContentHash hash, Action<DecodeContext> decoded)
    {
        DecodedChains++;
        Decoded<DecodedChain> result = FilterChainDecoder.Decode(name, content, hash);
        decoded(result.Context);
        if (result.Value is { } chain)
            _chains.Accept(name, hash, chain);
        else
            _chains.Refuse(name, hash, Refusals.Describe(result.Context));
    }

    private static Frame? DecodeFrame(ReadOnlySpan<byte> listener, ListenerParts parts, DecodeContext context)
    {
        var rest = new MemoryStream();
        foreach (Range range in parts.Rest)
            rest.Write(listener[range]);

        Listener message;
        Matcher? matcher;
        try
        {
            message = Listener.Parser.ParseFrom(rest.ToArray());
            matcher = parts.Matcher is { } range ? Matcher.Parser.ParseFrom(listener[range]) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            context.Refuse("", "the bytes are no Listener");
            return null;
        }

        if (message.DefaultFilterChain is not null)
            context.RefuseValue("default_filter_chain", $"'{message.DefaultFilterChain.Name}'", "absent; filter_chain_matcher decides");
        if (matcher is null && parts.Chains.Count > 0)
            context.Refuse("filter_chain_matcher", "it is absent");
        PortSet uninspected = ListenerFilterDecoder.UninspectedPorts(message.ListenerFilters, context);
        FilterChainMatcher? decodedMatcher = null;
        if (matcher is not null)
        {
            using DecodeScope scope = context.Field("filter_chain_matcher");
            decodedMatcher = new FilterChainMatcherDecoder(context).Decode(matcher);
        }

        context.Check(rest.GetBuffer().AsSpan(0, (int)rest.Length), ProtoName.Of<Listener>());
        if (parts.Matcher is { } matcherRange)
            context.Check(listener[matcherRange], ProtoName.Of<Matcher>());
        return context.HasProblems
            ? null
            : new Frame(parts.RestHash, parts.MatcherHash, decodedMatcher, uninspected, message.AccessLog.Count > 0);
    }

    private Dictionary<string, ChainSet.Version> Versions()
    {
        var versions = new Dictionary<string, ChainSet.Version>(_chains.Names.Count, StringComparer.Ordinal);
        foreach ((string name, DecodedChain? good, string? refusal) in _chains.All)
            versions.Add(name, new ChainSet.Version(good, refusal));
        return versions;
    }

    /// <summary>What is not a filter chain.</summary>
    private sealed record Frame(ContentHash RestHash, ContentHash MatcherHash, FilterChainMatcher? Matcher, PortSet UninspectedPorts, bool AccessLogEnabled)
    {
        public static Frame None { get; } = new(ContentHash.None, ContentHash.None, null, PortSet.None, false);

        public bool Holds(ListenerParts parts) => !ReferenceEquals(this, None) && RestHash == parts.RestHash && MatcherHash == parts.MatcherHash;
    }
}
