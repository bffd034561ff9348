using Microsoft.Extensions.Logging.Abstractions;
using Waypoint.Model.Filters.JwtAuthn;
using Waypoint.Model.Tokens;
using Waypoint.Proxy.Filters.JwtAuthn;
using Waypoint.Testing.Time;

namespace Waypoint.Proxy.Tests.Filters.JwtAuthn;

public sealed class RemoteKeySetTests
{
    private static readonly SigningIssuer Issuer = new();

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedFetcher _fetcher = new();

    [Fact]
    public async Task Fetch_SeveralRequestsAtOnce_OneFetchServesAll()
    {
        RemoteKeySet set = Create();
        Assert.True(set.Current().IsPending);
        Task<KeySetAnswer>[] waiting = [.. Enumerable.Range(0, 5).Select(_ => set.FetchAsync(CancellationToken.None))];
        await _fetcher.AnswerAsync(Issuer.KeySetText);
        Assert.All(await Task.WhenAll(waiting), static answer => Assert.NotNull(answer.Keys));
        Assert.Equal(1, _fetcher.Fetches);
        Assert.NotNull(set.Current().Keys);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no json")]
    [InlineData("{\"keys\":[]}")]
    public async Task Fetch_NothingUsable_FailsAndServerIsSparedForAMoment(string? text)
    {
        RemoteKeySet set = Create();
        Task<KeySetAnswer> first = set.FetchAsync(CancellationToken.None);
        await _fetcher.AnswerAsync(text);
        Assert.Equal(JwtStatus.JwksFetchFail, (await first).Failure);
        Assert.Equal(JwtStatus.JwksFetchFail, (await set.FetchAsync(CancellationToken.None)).Failure);
        Assert.Equal(1, _fetcher.Fetches);

        _time.Advance(TimeSpan.FromSeconds(1));
        Task<KeySetAnswer> second = set.FetchAsync(CancellationToken.None);
        await _fetcher.AnswerAsync(Issuer.KeySetText);
        Assert.NotNull((await second).Keys);
    }

    [Fact]
    public async Task Current_CacheDurationIsOver_KeysDoNotHold()
    {
        RemoteKeySet set = await FetchedAsync(Create());
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.NotNull(set.Current().Keys);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(set.Current().IsPending);
    }

    [Fact]
    public async Task Current_ShortlyBeforeTheEnd_RefreshesWhileKeysStillHold()
    {
        RemoteKeySet set = await FetchedAsync(Create());
        KeySet? before = set.Current().Keys;
        _time.Advance(TimeSpan.FromSeconds(296));
        Assert.Same(before, set.Current().Keys);
        await _fetcher.AnswerAsync(Issuer.KeySetText);
        await WaitUntilAsync(() => set.Successes == 2);

        // The same text: the same keys, so that known tokens stay known.
        _time.Advance(TimeSpan.FromSeconds(200));
        Assert.Same(before, set.Current().Keys);
        Assert.Equal(2, _fetcher.Fetches);
    }

    [Fact]
    public async Task FetchAhead_TimerAndFailure_FetchesAgainAfterItsPause()
    {
        using RemoteKeySet set = Create(ahead: true);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await _fetcher.AnswerAsync(null);
        await WaitUntilAsync(() => set.Failures == 1);
        await ArmedAsync(TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(3));
        await _fetcher.AnswerAsync(Issuer.KeySetText);
        await WaitUntilAsync(() => set.Current().Keys is not null);
        await ArmedAsync(TimeSpan.FromSeconds(295));
        _time.Advance(TimeSpan.FromSeconds(295));
        await _fetcher.AnswerAsync(Issuer.KeySetText);
        Assert.NotNull(set.Current().Keys);
    }

    [Fact]
    public async Task Fetch_ClientGoes_OthersStillGetTheirKeys()
    {
        RemoteKeySet set = Create();
        using var client = new CancellationTokenSource();
        Task<KeySetAnswer> gone = set.FetchAsync(client.Token);
        Task<KeySetAnswer> stays = set.FetchAsync(CancellationToken.None);
        await client.CancelAsync();
        Assert.Equal(JwtStatus.JwksFetchFail, (await gone).Failure);
        await _fetcher.AnswerAsync(Issuer.KeySetText);
        Assert.NotNull((await stays).Keys);
    }

    [Fact]
    public void Acquire_SameConfigurationTwice_OneSetUntilBothAreGone()
    {
        var sets = new RemoteKeySets(_fetcher, _time, NullLogger.Instance);
        RemoteKeySet first = sets.Acquire(Config());
        Assert.Same(first, sets.Acquire(Config()));
        Assert.NotSame(first, sets.Acquire(Config() with { Uri = "http://other/keys" }));
        sets.Release(first);
        Assert.Same(first, sets.Acquire(Config()));
        sets.Release(first);
        sets.Release(first);
        Assert.NotSame(first, sets.Acquire(Config()));
    }

    private static RemoteKeySetConfig Config(bool ahead = false) => new()
    {
        Uri = "http://keys.test/jwks",
        Cluster = "keys",
        Timeout = TimeSpan.FromSeconds(5),
        CacheDuration = TimeSpan.FromSeconds(300),
        FetchAhead = ahead,
        FailedRefetch = TimeSpan.FromSeconds(3),
    };

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private RemoteKeySet Create(bool ahead = false) => new(Config(ahead), _fetcher, _time, NullLogger.Instance);

    private async Task<RemoteKeySet> FetchedAsync(RemoteKeySet set)
    {
        Task<KeySetAnswer> fetch = set.FetchAsync(CancellationToken.None);
        await _fetcher.AnswerAsync(Issuer.KeySetText);
        Assert.NotNull((await fetch).Keys);
        return set;
    }

    private async Task ArmedAsync(TimeSpan expected)
    {
        while (await _time.NextTimerAsync() != expected)
        {
        }
    }
}
