using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Tokens;
using Waypoint.Proxy.Filters.JwtAuthn;

namespace Waypoint.Conformance.Tests.Tokens;

/// <summary>Keys of a case: those in the configuration, else those that its scripted key server gives, once they have been asked for.</summary>
internal sealed class CaseProviderKeys : IProviderKeys
{
    private readonly KeySetAnswer[] _answers;
    private readonly Queue<KeySetAnswer> _server;
    private readonly KeySetAnswer _otherwise;
    private readonly ulong _now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <param name="config">The filter.</param>
    /// <param name="server">What the key server answers, in order.</param>
    /// <param name="otherwise">What it answers after that, and the keys of providers without any.</param>
    internal CaseProviderKeys(JwtAuthnFilterConfig config, IEnumerable<KeySetAnswer> server, KeySetAnswer otherwise)
    {
        _server = new Queue<KeySetAnswer>(server);
        _otherwise = otherwise;
        _answers = [.. config.Providers.Select(provider => provider switch
        {
            { InlineKeys: { } text } => KeySet.Parse(text, LibraryKeyFactory.Instance) is { Status: JwtStatus.Ok } keys ? KeySetAnswer.Of(keys) : KeySetAnswer.Failed(JwtStatus.JwksNoValidKeys),
            { RemoteKeys: not null } => default,
            _ => otherwise,
        })];
    }

    internal int Fetches { get; private set; }

    internal TokenCache Tokens { get; } = new();

    public KeySetAnswer Current(int provider) => _answers[provider];

    public VerifiedToken? Find(ReadOnlySpan<char> token, int provider, out Jwt? read) => Tokens.Find(token, provider, Current(provider).Keys, _now, out read);

    public void Remember(ReadOnlySpan<char> token, VerifiedToken verified, KeySet keys, ulong now) => Tokens.Remember(token, verified, keys, now);

    /// <summary>Asks the key server. Keys stay, failures do not.</summary>
    internal KeySetAnswer Fetch(int provider)
    {
        Fetches++;
        if (!_server.TryDequeue(out var answer))
            answer = _otherwise;
        if (answer.Keys is not null)
            _answers[provider] = answer;
        return answer;
    }
}
