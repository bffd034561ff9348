namespace Waypoint.Model.FilterChains;

/// <summary><c>Matcher.MatcherTree.exact_match_map</c> over <c>ApplicationProtocolInput</c>. Its keys are rendered lists of protocols in single quotes; those that
/// detection can never report (ALPN lists of TLS) decide nothing.</summary>
public sealed class ApplicationProtocolMatcher : FilterChainMatcher
{
    private readonly FilterChainMatcher? _http10;
    private readonly FilterChainMatcher? _http11;
    private readonly FilterChainMatcher? _http2;
    private readonly FilterChainMatcher? _onNoMatch;

    /// <summary>Makes a node from the map of the message: <c>'http/1.0'</c>, <c>'http/1.1'</c> and <c>'h2c'</c> with their quotes.</summary>
    public ApplicationProtocolMatcher(IReadOnlyDictionary<string, FilterChainMatcher> protocols, FilterChainMatcher? onNoMatch)
    {
        _http10 = protocols.GetValueOrDefault("'http/1.0'");
        _http11 = protocols.GetValueOrDefault("'http/1.1'");
        _http2 = protocols.GetValueOrDefault("'h2c'");
        _onNoMatch = onNoMatch;
    }

    /// <inheritdoc/>
    public override FilterChainDecision Decide(in FilterChainQuery query)
    {
        FilterChainMatcher? next;
        switch (query.Protocol)
        {
            case ApplicationProtocol.NotInspected:
                return new(null, NeedsProtocol: true);
            case ApplicationProtocol.Http10:
                next = _http10;
                break;
            case ApplicationProtocol.Http11:
                next = _http11;
                break;
            case ApplicationProtocol.Http2:
                next = _http2;
                break;
            default:
                next = null;
                break;
        }

        FilterChainDecision decision = next?.Decide(query) ?? FilterChainDecision.None;
        return decision != FilterChainDecision.None ? decision : _onNoMatch?.Decide(query) ?? FilterChainDecision.None;
    }
}
