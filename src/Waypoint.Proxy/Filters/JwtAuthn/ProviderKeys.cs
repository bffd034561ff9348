using Microsoft.Extensions.Logging;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Tokens;

namespace Waypoint.Proxy.Filters.JwtAuthn;

/// <summary>Keys and verified tokens of one filter. Mutable and safe for concurrent use; reading takes no lock.</summary>
internal sealed class ProviderKeys : IProviderKeys, IDisposable
{
    private readonly Slot[] _slots;
    private readonly RemoteKeySets _remote;
    private readonly TokenCache _tokens;
    private readonly TimeProvider _time;
    private int _disposed;

    public ProviderKeys(JwtAuthnFilterConfig config, RemoteKeySets remote, TimeProvider time, ILogger logger)
    {
        _remote = remote;
        _time = time;
        _tokens = new TokenCache(config.Providers.Sum(static provider => provider.TokenCacheSize is > 0 and var size ? size : TokenCache.DefaultSize));
        _slots = [.. config.Providers.Select(provider => provider.RemoteKeys is { } fetched
            ? new Slot(remote.Acquire(fetched), null)
            : new Slot(null, new Lazy<KeySetAnswer>(() => Inline(provider, logger))))];
    }

    /// <summary>What the filter counts.</summary>
    public JwtAuthnCounters Counters { get; } = new();

    public KeySetAnswer Current(int provider) => _slots[provider].Current();

    public VerifiedToken? Find(ReadOnlySpan<char> token, int provider, out Jwt? read)
    {
        // With the keys as they are now: when they are replaced, or have ended, the token has to be verified again.
        VerifiedToken? found = _tokens.Find(token, provider, Current(provider).Keys, Now(), out read);
        Counters.CountLookup(found is not null);
        return found;
    }

    public void Remember(ReadOnlySpan<char> token, VerifiedToken verified, KeySet keys, ulong now) => _tokens.Remember(token, verified, keys, now);

    /// <summary>The keys of a provider after they have been fetched.</summary>
    public async Task<KeySetAnswer> FetchAsync(int provider, CancellationToken clientGone)
    {
        if (_slots[provider].Remote is not { } remote)
        {
            return Current(provider);
        }

        KeySetAnswer answer = await remote.FetchAsync(clientGone).ConfigureAwait(false);
        Counters.CountFetch(answer.Keys is not null);
        return answer;
    }

    /// <summary>Gives the fetched sets back. Requests that run may go on.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        foreach (Slot slot in _slots)
        {
            if (slot.Remote is { } remote)
            {
                _remote.Release(remote);
            }
        }
    }

    /// <summary>Read at the first token: most chains of a large mesh never see one.</summary>
    private static KeySetAnswer Inline(JwtProviderConfig provider, ILogger logger)
    {
        if (provider.InlineKeys is not { } text)
        {
            return KeySetAnswer.Failed(JwtStatus.JwksNoValidKeys);
        }

        KeySet keys = KeySet.Parse(text, LibraryKeyFactory.Instance);
        if (keys.Status == JwtStatus.Ok)
        {
            return KeySetAnswer.Of(keys);
        }

        JwtAuthnLog.NotUsable(logger, $"provider '{provider.Name}' (issuer '{provider.Issuer}')", keys.Status);
        return KeySetAnswer.Failed(JwtStatus.JwksNoValidKeys);
    }

    private ulong Now() => (ulong)Math.Max(0, _time.GetUtcNow().ToUnixTimeSeconds());

    private readonly record struct Slot(RemoteKeySet? Remote, Lazy<KeySetAnswer>? Inline)
    {
        public KeySetAnswer Current() => Remote is { } remote ? remote.Current() : Inline!.Value;
    }
}
